import { failedGates } from '../judgement.ts'
import { short } from './short.ts'
import { type Told, causeWords } from './summary.ts'
import { runMark } from './witness.ts'

/**
 * Continuity context for the model at a session start (also after compaction, where it is all that is left):
 * state, objective, what is outstanding, names of failing gates, what the agent may do.
 */
export function continuityContext(run: Told, cli: string): string {
  const { contract } = run
  const lines = [
    `autonomous-loop: this session works under a frozen contract (${statusWords(run)}; stop ${run.iteration} of ${contract.limits.maxStopIterations} used).`,
    `Objective: ${short(contract.objective)}`,
    `Required tasks: ${contract.tasks
      .filter((task) => task.required)
      .map((task) => `${task.id} "${short(task.title)}"`)
      .join('; ')}`,
  ]
  const last = run.lastStop
  if (last) {
    if (last.outstandingTaskIds.length > 0)
      lines.push(`Outstanding at the last stop: ${last.outstandingTaskIds.join(', ')}`)
    const failed = failedGates(last)
    if (failed.length > 0) lines.push(`Gates that failed at the last stop: ${failed.join(', ')}`)
  }
  lines.push(
    'At every stop the repository is checked and the approved gates are run outside your reach; you are released only when everything holds. ' +
      'Changing the config, the scripts behind the gates or the state does not help and is noticed.',
    `Keep the plan tool, if you have it, up to date. Look with: ${cli} status. Check with: ${cli} check. Ask a person with: ${cli} request wait --reason "what you need".`,
  )
  return `${lines.join('\n')} ${runMark(run.runId)}`
}

/** Context for the turn that armed a run by prompt. */
export function armedContext(run: Told, cli: string): string {
  return [
    continuityContext(run, cli),
    'The run was armed by the person, and the workspace as it was before your first action is on record.',
    `First state what "done" means as tasks with evidence, in one call: ${cli} request enable --objective "as above" --task-json '{"id":"T1","title":"…","evidence":[{"kind":"pathChanged","glob":"src/**"}]}' (more --task-json as needed). Then make the plan, then work.`,
  ].join('\n')
}

function statusWords(run: Told): string {
  const cause = causeWords(run)
  return cause === null ? run.status : `${run.status}: ${cause}`
}
