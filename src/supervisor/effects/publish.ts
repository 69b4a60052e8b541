import { isAncestor } from '../../workspace/trees/own.ts'
import { personBranch } from '../../workspace/trees/person-trees.ts'
import { publish } from '../../workspace/trees/publish.ts'
import { batchStep } from '../step.ts'
import type { World } from '../world.ts'

/** The head as a branch in the person's repository. */
export interface PublishedHead {
  /** '' where none could be set. */
  readonly branch: string
  /** Why it is another one, or none. */
  readonly note: string | null
}

/** Publishes the head as far as it moved; null where nothing was done. */
export async function publishHead(world: World): Promise<PublishedHead | null> {
  const { own, opened, ledger } = world
  const { head, published: before } = ledger.state()
  if (head === opened.base) return null
  if (before?.commit === head) return { branch: before.branch, note: null }
  const branch = `autonomous-loop/${opened.batch}`
  batchStep('publish')
  const done = await publish(own, branch, head, await lastPublished(world, branch))
  batchStep('publish')
  if (!done.ok) return { branch: '', note: done.error.message }
  if (done.value.kind === 'left') return { branch: '', note: done.value.why }
  ledger.append({ type: 'published', data: { branch: done.value.branch, commit: head } })
  return { branch: done.value.branch, note: done.value.instead }
}

/** Where we left the branch. Whoever was killed before that was on record left it at a commit that only we can have put there. */
async function lastPublished({ own, opened, ledger }: World, branch: string): Promise<string | null> {
  const { head, published } = ledger.state()
  const now = await personBranch(own, published?.branch ?? branch)
  if (now.ok && now.value !== null) {
    const isOurs = await isAncestor(own, now.value, head)
    const isOld = await isAncestor(own, now.value, opened.base)
    if (isOurs.ok && isOurs.value && isOld.ok && !isOld.value) return now.value
  }
  return published?.commit ?? null
}
