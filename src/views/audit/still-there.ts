import fs from 'node:fs'
import { evidenceOptions } from '../../evidence/options.ts'
import type { RunState } from '../../ledger/state.ts'
import type { Context } from '../../records/context.ts'
import { askedAndFound } from '../../verdict/words/evidence.ts'
import { workspaceLook } from '../../workspace/look.ts'
import { type Finding, suspect } from './types.ts'

/**
 * Looks once more at the path evidence of a released run: what undid the work afterwards may have hidden from the hook, or
 * been a person's next commit. Gates are not run. `dir`: where its baselines lie.
 */
export async function workStillThere(
  context: Context,
  dir: string,
  run: RunState,
): Promise<readonly Finding[]> {
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
  const tasks = new Map(run.contract.tasks.map((task) => [task.id, task]))
  return look.value.evidence.flatMap((fact) => {
    const task = tasks.get(fact.taskId)
    const evidence = task?.evidence[fact.index]
    if (fact.met || !task?.required || !evidence) return []
    const words = askedAndFound(evidence, fact.found)
    return [suspect('release-undone', `${name} was released, and now ${task.id} is not met: ${words}`)]
  })
}
