import fs from 'node:fs'
import { evidenceOptions } from '../../evidence/options.ts'
import type { RunState } from '../../ledger/state.ts'
import type { Context } from '../../records/context.ts'
import { workspaceLook } from '../../workspace/look.ts'
import { type Finding, suspect } from './types.ts'

/**
 * Looks once more at the path evidence of a released run: what undid the work afterwards may have hidden from the hook, or
 * been a person's next commit. Gates are not run. `dir`: where its baselines lie.
 */
export async function stillThere(context: Context, dir: string, run: RunState): Promise<readonly Finding[]> {
  // Moved or deleted since: that is no secret, and nothing can be said of the work.
  if (!fs.existsSync(run.activation.repoRoot)) return []
  const looking = workspaceLook(
    {
      root: run.activation.repoRoot,
      tasks: run.contract.tasks,
      baselines: run.activation.baselines,
      baselineDir: dir,
      leftByGates: run.leftByGates,
    },
    evidenceOptions(context.env),
  )
  // A baseline that is missing or changed has a finding of its own.
  if (!looking.ok) return []
  const look = await looking.value()
  const name = `run ${run.runId.slice(0, 12)}`
  if (!look.ok)
    return [
      suspect(
        'release-unseen',
        `${name}: whether its work is still there cannot be seen: ${look.error.message}`,
      ),
    ]
  const required = new Set(run.contract.tasks.filter((task) => task.required).map((task) => task.id))
  return look.value.evidence
    .filter((fact) => !fact.met && required.has(fact.taskId))
    .map((fact) =>
      suspect('release-undone', `${name} was released, and now ${fact.taskId} is not met: ${fact.detail}`),
    )
}
