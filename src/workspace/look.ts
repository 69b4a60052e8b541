import type { Sha256 } from '../base/hash.ts'
import { type Result, ok } from '../base/result.ts'
import type { Task } from '../contract/types.ts'
import { namedPaths } from '../evidence/named-paths.ts'
import { loadBaselines } from '../evidence/baseline-file.ts'
import { compareWith } from '../evidence/compare.ts'
import { evaluate } from '../evidence/evaluate.ts'
import type { EvidenceFact } from '../evidence/found.ts'
import type { Comparison, EvidenceOptions } from '../evidence/types.ts'
import { type LeftByGates, stillAsLeft } from './left-by-gates.ts'

/** One look at the workspace: how it differs from the start, and what that says of each task. */
export interface WorkspaceLook {
  /** When it began, milliseconds since the epoch. */
  readonly at: number
  readonly comparison: Comparison
  readonly evidence: readonly EvidenceFact[]
  /** Paths that are still as gates left them at an earlier stop. */
  readonly byGates: ReadonlySet<string>
}

export type Looking = () => Promise<Result<WorkspaceLook>>

/** What is looked at, and the start it is held against. */
export interface Ground {
  /** Absolute. */
  readonly root: string
  readonly tasks: readonly Task[]
  readonly baselines: readonly Sha256[]
  /** Directory of the baseline files. */
  readonly baselineDir: string
  readonly leftByGates: readonly LeftByGates[]
}

/** Makes looks at one workspace, as often as they are called for. Failures are those of the baseline. */
export function workspaceLook(ground: Ground, options: EvidenceOptions): Result<Looking> {
  const { root, tasks } = ground
  const baselines = loadBaselines(ground.baselineDir, ground.baselines)
  if (!baselines.ok) return baselines
  const named = namedPaths(tasks)
  return ok(async () => {
    const at = Date.now()
    const comparison = await compareWith(root, baselines.value, named, options)
    if (!comparison.ok) return comparison
    const byGates = stillAsLeft(root, ground.leftByGates, comparison.value)
    const evidence = await evaluate(tasks, { root, comparison: comparison.value, byGates })
    return ok({ at, comparison: comparison.value, evidence, byGates })
  })
}
