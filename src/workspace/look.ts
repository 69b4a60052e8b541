import { type Result, ok } from '../base/result.ts'
import { namedPaths } from '../contract/named-paths.ts'
import { loadBaseline } from '../evidence/baseline-file.ts'
import { compareWith } from '../evidence/compare.ts'
import { evaluate } from '../evidence/evaluate.ts'
import { stillAsLeft } from './left-by-gates.ts'
import type { Baseline, Comparison, EvidenceFact, EvidenceOptions } from '../evidence/types.ts'
import { sessionPaths } from '../ledger/paths.ts'
import type { RunState } from '../ledger/state.ts'

/** One look at the workspace: how it differs from the start, and what that says of each task. */
export interface Look {
  readonly comparison: Comparison
  readonly evidence: readonly EvidenceFact[]
  /** Paths that are still as gates left them at an earlier stop. */
  readonly byGates: ReadonlySet<string>
}

export type Looking = () => Promise<Result<Look>>

/** Makes looks at one run's workspace, as often as they are called for. Failures are those of the baseline. */
export function workspaceLook(run: RunState, home: string, options: EvidenceOptions): Result<Looking> {
  const { repoRoot: root, baselines: shas, sessionId } = run.activation
  const dir = sessionPaths(home, sessionId).dir
  const baselines: Baseline[] = []
  for (const sha of shas) {
    const loaded = loadBaseline(dir, sha)
    if (!loaded.ok) return loaded
    baselines.push(loaded.value)
  }
  const named = namedPaths(run.contract.tasks)
  return ok(async () => {
    const comparison = await compareWith(root, baselines, named, options)
    if (!comparison.ok) return comparison
    const byGates = stillAsLeft(root, run.leftByGates ?? [], comparison.value)
    const evidence = await evaluate(run.contract.tasks, { root, comparison: comparison.value, byGates })
    return ok({ comparison: comparison.value, evidence, byGates })
  })
}
