import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import type { Context } from '../../records/context.ts'
import { dataDirectory } from '../../records/data-directory.ts'
import { type Known, knownBatches } from '../../supervisor/batch/known-batches.ts'
import { refs } from '../../supervisor/batch/paths.ts'
import { type Site, ownOf } from '../../supervisor/batch/site.ts'
import { removeOne } from '../../supervisor/orders/clean.ts'
import { orphansAmong } from '../../supervisor/orders/orphans.ts'
import { JUDGE } from '../../workspace/trees/paths.ts'
import { dropRegistration, register, unregistered } from '../../workspace/trees/register.ts'
import { staleLocks } from '../../workspace/trees/sweep.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import { listWorktrees } from '../../workspace/trees/worktree.ts'
import { type LeftAlone, type Mended, type Repaired, mended } from '../repaired.ts'

/** Our repository, and the worktrees that no batch needs. For who holds the lock. */
export async function mendTrees(context: Context, site: Site): Promise<Repaired> {
  const data = dataDirectory(context.env, site.top)
  const bare = data.ok ? path.join(data.value, site.repoId, 'repo.git') : null
  // One that is gone is not made: its batch would find an empty one.
  if (bare === null || !fs.existsSync(bare)) return { did: [], left: [] }
  const known = knownBatches(context, site)
  const broken = known.find((one) => one.isBroken)
  const locks = staleLocks(path.dirname(bare))
  const made = mendBare(bare)
  const gatePath = known.flatMap((one) => one.state ?? []).at(-1)?.opened.gatePath
  const own = await ownOf(context, site, gatePath ?? context.env.vars['PATH'] ?? '')
  if (!own.ok) return { did: made, left: [{ name: bare, why: own.error.message }] }
  const did: Mended[] = [
    ...made,
    ...locks.filter((file) => !fs.existsSync(file)).map((file) => mended('lock-removed', file)),
  ]
  for (const name of unregistered(own.value)) {
    register(own.value, name)
    did.push(mended('worktree-registered', name))
  }
  if (broken !== undefined)
    return {
      did,
      left: [
        {
          name: path.join(path.dirname(bare), 'worktrees'),
          why: `the record of batch ${broken.batch} does not hold, so nobody knows what is in use`,
        },
      ],
    }
  const orphans = await removeOrphans(own.value, known, context.clock())
  const ghosts = await removeGhosts(own.value, known, context.clock())
  return { did: [...did, ...orphans.did, ...ghosts.did], left: [...orphans.left, ...ghosts.left] }
}

/** What git needs to take it for a repository, and that holds nothing. */
function mendBare(bare: string): readonly Mended[] {
  const head = path.join(bare, 'HEAD')
  const missing = ['refs', 'worktrees'].filter((name) => !fs.existsSync(path.join(bare, name)))
  for (const name of missing) fs.mkdirSync(path.join(bare, name), { recursive: true, mode: 0o700 })
  const isHeadless = !fs.existsSync(head)
  if (isHeadless) fs.writeFileSync(head, 'ref: refs/heads/none\n', { mode: 0o600 })
  return missing.length > 0 || isHeadless ? [mended('repository-mended', bare)] : []
}

async function removeOrphans(own: OwnRepository, known: readonly Known[], at: number): Promise<Repaired> {
  const did: Mended[] = []
  const left: LeftAlone[] = []
  const states = known.flatMap((one) => one.state ?? [])
  for (const { name, dir, state } of orphansAmong(listWorktrees(own), states)) {
    if (state === 'foreign') {
      left.push({ name: dir, why: 'it is not what was made there' })
      continue
    }
    const gone = await removeOne(own, { what: 'worktree', name, dir, rescue: batchFor(known) }, at)
    if (gone.ok) did.push(mended('worktree-removed', dir, gone.value))
    else left.push({ name: dir, why: gone.error.message })
  }
  return { did, left }
}

/** What git knows of worktrees that are not there. */
async function removeGhosts(own: OwnRepository, known: readonly Known[], at: number): Promise<Repaired> {
  const listed = new Set([JUDGE, ...listWorktrees(own).map(({ name }) => name)])
  const did: Mended[] = []
  const left: LeftAlone[] = []
  for (const name of namesIn(path.join(own.dir, 'worktrees')).filter((one) => !listed.has(one))) {
    const dropped = await dropRegistration(own, name, refs.cleaned(batchFor(known), name, at))
    const place = path.join(own.dir, 'worktrees', name)
    if (dropped.ok) did.push(mended('registration-removed', place, dropped.value))
    else left.push({ name: place, why: dropped.error.message })
  }
  return { did, left }
}

/** Below whose refs it is kept. */
const batchFor = (known: readonly Known[]): string => known.at(-1)?.batch ?? 'none'
