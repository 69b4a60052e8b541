import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { refs } from '../../supervisor/batch/paths.ts'
import { orphansAmong } from '../../supervisor/orders/orphans.ts'
import type { BatchState } from '../../supervisor/record/state.ts'
import { type OurRef, refsBelow } from '../../workspace/trees/our-refs.ts'
import { refAt } from '../../workspace/trees/own.ts'
import { personBranch } from '../../workspace/trees/person-trees.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import { unregistered } from '../../workspace/trees/register.ts'
import { staleLocks } from '../../workspace/trees/sweep.ts'
import { listWorktrees } from '../../workspace/trees/worktree.ts'
import { type Check, failed, failedWith, passed, skipped } from '../check.ts'
import { REPAIR } from '../repair-words.ts'
import { type BatchLook, dataOf } from './look.ts'

const CLEAN = 'autonomous-loop cleanup'

/** Whoever has the lock makes and removes them all the time. */
export function worktrees(look: BatchLook): Check {
  const own = ownNow(look)
  if (own === null || isAtWork(look)) return passed({ orphans: [] })
  if (look.known.some((one) => one.isBroken))
    return skipped('a record is broken, so nobody knows what is in use')
  const states = look.known.flatMap(({ state }) => state ?? [])
  const orphans = orphansAmong(listWorktrees(own), states).map(({ dir, state }) => ({ dir, state }))
  const lost = unregistered(own)
  const data = { orphans, unregistered: lost }
  if (lost.length > 0)
    return failed(`git does not know worktrees of ours any more: ${lost.join(', ')}`, REPAIR, data)
  const ours = orphans.filter(({ state }) => state !== 'foreign')
  if (ours.length > 0)
    return failed(`${count(ours.length, 'worktree')} of ours that no batch needs`, REPAIR, data)
  return orphans.length === 0
    ? passed(data)
    : failed(
        `not what was made there, so it stays as it is: ${orphans.map(({ dir }) => dir).join(', ')}`,
        'look at it, and move it away',
        data,
      )
}

/** Work that could not be rescued. */
export function setAside(look: BatchLook): Check {
  const data = dataOf(look)
  const parent = data === null ? null : path.join(data, 'set-aside')
  const dirs = parent === null ? [] : namesIn(parent).map((name) => path.join(parent, name))
  return dirs.length === 0
    ? passed({ directories: dirs })
    : failed(
        `${count(dirs.length, 'worktree')} set aside, with work that could not be made a commit: ${dirs.join(', ')}`,
        CLEAN,
        { directories: dirs },
      )
}

/** What attempts left, which nobody else has. */
export async function rescues(look: BatchLook): Promise<Check> {
  const own = ownNow(look)
  if (own === null) return passed({ refs: 0, batches: {} })
  const found = await refsBelow(own, 'refs/autonomous-loop/rescue')
  if (!found.ok) return failedWith(found.error, REPAIR)
  const batches = countedBy(found.value)
  const toLook = `git --git-dir ${own.dir} show <ref>`
  const data = { refs: found.value.length, batches, look: toLook }
  return found.value.length === 0
    ? passed(data)
    : failed(
        `${count(found.value.length, 'rescue ref')} with what attempts left, of ${Object.keys(batches).join(', ')}`,
        CLEAN,
        data,
      )
}

function countedBy(all: readonly OurRef[]): Readonly<Record<string, number>> {
  const batches = all.map(({ ref }) => ref.split('/')[3] ?? '')
  return Object.fromEntries(
    [...new Set(batches)].map((batch) => [batch, batches.filter((one) => one === batch).length]),
  )
}

/** What opening it asks, and whether the head of the open batch is where the record has it. */
export async function repository(look: BatchLook): Promise<Check> {
  if (!look.own.ok)
    return look.own.error.code === 'own-damaged'
      ? failedWith(look.own.error, REPAIR)
      : failedWith(look.own.error, 'autonomous-loop run --adopt')
  const { open } = look
  const own = look.own.value
  if (own === null)
    return open === null
      ? passed({ path: null })
      : failed(
          `our repository of batch ${open.opened.batch} is gone`,
          `autonomous-loop cleanup --discard ${open.opened.batch} --apply`,
        )
  const locks = isAtWork(look) ? [] : staleLocks(own.data)
  const data = { path: own.dir, locks }
  if (locks.length > 0) return failed(`locks of git were left: ${locks.join(', ')}`, REPAIR, data)
  if (open === null || isAtWork(look)) return passed(data)
  const at = await refAt(own, refs.head(open.opened.batch))
  if (!at.ok) return failedWith(at.error, REPAIR)
  const head = await refAt(own, `${refs.head(open.opened.batch)}^{tree}`)
  if (!head.ok) return failedWith(head.error, REPAIR)
  if (at.value === null && open.head === open.opened.base) return passed(data)
  if (head.value === null || at.value === null)
    return failed(
      `the head of batch ${open.opened.batch} cannot be read in ${own.dir}`,
      `git --git-dir ${own.dir} fsck`,
      data,
    )
  return headsOf(open).has(at.value)
    ? passed(data)
    : failed(
        `the head of batch ${open.opened.batch} is at ${at.value.slice(0, 12)}, where nobody of ours put it`,
        `autonomous-loop audit ${open.opened.batch}`,
        data,
      )
}

/** A crash may come between the record of a move and the move. */
function headsOf({ head, attempts, taking }: BatchState): ReadonlySet<string> {
  const stages = [...attempts.values()].map((one) => one.stage)
  return new Set([
    head,
    ...(taking === null ? [] : [taking.commit]),
    ...stages.flatMap((one) => (one.at === 'integrating' ? [one.commit] : [])),
  ])
}

/** The branch in the person's repository that we publish, once somebody else moved or removed it. */
export async function publishedBranch(look: BatchLook): Promise<Check> {
  const own = ownNow(look)
  const published = look.state?.published ?? null
  if (own === null || published === null || isAtWork(look)) return passed({ branch: null })
  const { branch, commit } = published
  const now = await personBranch(own, branch)
  if (!now.ok) return failedWith(now.error, 'autonomous-loop status --batch')
  const data = { branch, published: commit, now: now.value }
  if (now.value === commit || look.state?.landed !== null) return passed(data)
  return now.value === null
    ? failed(`the branch ${branch} was removed; the head is still there`, 'autonomous-loop run', data)
    : failed(
        `the branch ${branch} holds a commit of yours (${now.value.slice(0, 12)}), so it is left where it is`,
        'autonomous-loop batch take',
        data,
      )
}

/** The record of every batch, as far as its own chain says. */
export function ledgers({ known }: BatchLook): Check {
  const broken = known.filter((one) => one.isBroken).map(({ batch }) => batch)
  const data = { batches: known.length, broken }
  return broken.length === 0
    ? passed(data)
    : failed(`the record of ${broken.join(', ')} does not hold`, `autonomous-loop audit ${broken[0]}`, data)
}

const ownNow = ({ own }: BatchLook): OwnRepository | null => (own.ok ? own.value : null)

const isAtWork = ({ isHeld, owner }: BatchLook): boolean => isHeld || owner !== null

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`
