import { lookAtDefinition } from '../definition/look.ts'
import { stillThere } from '../evidence/repo-root.ts'
import type { Comparison, EvidenceOptions } from '../evidence/types.ts'
import type { RunState } from '../ledger/state.ts'
import type { ReleaseSeen } from '../verdict/release-fate.ts'
import { workspaceLook } from '../workspace/look.ts'
import { changedKeys } from '../workspace/moved-between.ts'
import { readReleased } from './released-state.ts'

/** Paths that are named one by one. */
const mostNamed = 20

/** Whether workspace and definition are still what was released. No gate runs. */
export async function lookAtRelease(
  run: RunState,
  baselineDir: string,
  workspace: EvidenceOptions,
): Promise<ReleaseSeen> {
  const { activation, contract, leftByGates, lastStop } = run
  if (!lastStop) return notLooked('no verdict is on record')
  const there = stillThere(activation.repoRoot)
  if (!there.ok) return notLooked(there.error.message)
  const looking = workspaceLook(
    {
      root: activation.repoRoot,
      tasks: contract.tasks,
      baselines: activation.baselines,
      baselineDir,
      leftByGates,
    },
    workspace,
  )
  if (!looking.ok) return notLooked(looking.error.message)
  const seen = await looking.value()
  if (!seen.ok) return notLooked(seen.error.message)
  const { comparison } = seen.value
  const definition = (lookAtDefinition(activation).drift?.changes ?? []).map((change) => change.file)
  const isSame = comparison.fingerprint === lastStop.workspace
  if (isSame && definition.length === 0) return { kind: 'unchanged' }
  const files = isSame ? [] : filesChanged(baselineDir, lastStop.workspace, comparison)
  const paths = [...new Set([...definition, ...files])].sort()
  return {
    kind: 'changed',
    changes: { paths: paths.slice(0, mostNamed), more: Math.max(0, paths.length - mostNamed) },
  }
}

/** None where what was released was not kept. */
function filesChanged(dir: string, fingerprint: Comparison['fingerprint'], now: Comparison): string[] {
  const released = readReleased(dir, fingerprint)
  return released ? changedKeys(released, now.state) : []
}

function notLooked(why: string): ReleaseSeen {
  return { kind: 'not-looked', why }
}
