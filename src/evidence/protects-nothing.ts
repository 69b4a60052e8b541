import type { Evidence, Task } from '../contract/types.ts'
import { compileSpelled } from './glob.ts'
import type { Count, PathEvidence } from './kinds/check.ts'
import { checkOf } from './kinds/index.ts'
import { filesMatching, spelledAt } from './kinds/matches.ts'
import { throughLinks } from './links.ts'
import type { Baseline, EvidenceOptions, EvidenceRef } from './types.ts'
import { startOf } from './unmet-at-baseline.ts'

/*
 * Evidence by which something is to stay as it is, and nothing was there: a misspelt name, most often. Such evidence is met for
 * as long as nobody makes what it names, so somebody has to say so. It holds nobody up.
 */

/** Names what it speaks of; null where its links lead out of the repository. */
type Place = { readonly path?: string; readonly glob?: string } | null

/** By what the baselines know: nothing was there only where all of them say so. */
export async function protectsNothing(
  root: string,
  baselines: readonly Baseline[],
  tasks: readonly Task[],
  options: EvidenceOptions,
): Promise<readonly EvidenceRef[]> {
  const starts = baselines.map((baseline) => ({ baseline, start: startOf(root, baseline, options) }))
  return among(root, tasks, async (place) => {
    for (const { baseline, start } of starts)
      if (!wasEmpty(await start.count(place)) || isLeftOut(baseline, place)) return false
    return starts.length > 0
  })
}

/** By the workspace as it is, for a contract that nobody has begun. */
export async function protectsNothingNow(
  root: string,
  tasks: readonly Task[],
): Promise<readonly EvidenceRef[]> {
  return among(root, tasks, async ({ path, glob }) =>
    path === undefined
      ? filesMatching(root, glob ?? '', 1).found.length === 0
      : spelledAt(root, path).length === 0,
  )
}

async function among(
  root: string,
  tasks: readonly Task[],
  isEmpty: (place: NonNullable<Place>) => Promise<boolean>,
): Promise<readonly EvidenceRef[]> {
  const found: EvidenceRef[] = []
  for (const task of tasks)
    for (const [index, evidence] of task.evidence.entries()) {
      if (!keeps(evidence)) continue
      const places = placesOf(root, evidence)
      const empty = await Promise.all(places.map(async (place) => place !== null && (await isEmpty(place))))
      if (empty.every(Boolean)) found.push({ taskId: task.id, index })
    }
  return found
}

function keeps(evidence: Evidence): evidence is PathEvidence {
  return evidence.kind !== 'commandRef' && checkOf(evidence.kind).keeps
}

/** As it is written, and where linked directories on the way lead. */
function placesOf(root: string, evidence: PathEvidence): readonly Place[] {
  const literal =
    'glob' in evidence && evidence.glob !== undefined ? { glob: evidence.glob } : pathOf(evidence)
  const through = throughLinks<NonNullable<Place>>(root, literal, checkOf(evidence.kind).ofLinks)
  return through === null ? [literal] : [literal, through.target]
}

function pathOf({ path = '' }: PathEvidence): NonNullable<Place> {
  return { path }
}

function wasEmpty(count: Count | null): boolean {
  return count !== null && count.known === 0 && !count.more
}

/** What a sparse checkout leaves out is no file of the work tree, and git keeps it as it is all the same. */
function isLeftOut(baseline: Baseline, { path, glob }: NonNullable<Place>): boolean {
  if (baseline.kind === 'plain') return false
  return (baseline.sparse ?? []).some(compileSpelled(path === undefined ? { glob: glob ?? '' } : { path }))
}
