import { never } from '../base/result.ts'
import type { Facts, RunningProcess } from './facts.ts'
import type { Blocker } from './judgement.ts'
import type { RunSoFar } from './so-far.ts'

/** Remembers a process that was named, so that a server is not named at every stop. */
export const processKey = ({ pid, start }: RunningProcess): string => `${pid}/${start}`

/**
 * Whether the agent has to hear of one of these processes. Not right after it heard of others: a supervisor that starts
 * its server anew under another number would be blocked for ever.
 */
export function mustBeNamed(processes: readonly RunningProcess[], run: RunSoFar): boolean {
  return (
    run.contract.policy.background === 'block' &&
    !run.lastStop?.blockers.some((blocker) => blocker.kind === 'background') &&
    processes.some((one) => !run.named.includes(processKey(one)))
  )
}

export const processText = ({ pid, command }: RunningProcess): string => `${pid} ${command}`

/** Everything that stands in the way, in the order the agent should read it. Only required tasks block. */
export function findBlockers(facts: Facts, run: RunSoFar): Blocker[] {
  const required = new Set(run.contract.tasks.filter((task) => task.required).map((task) => task.id))
  const blockers: Blocker[] = []
  if (facts.unseen !== null) blockers.push({ kind: 'workspace', why: facts.unseen })
  if (facts.scope) blockers.push({ kind: 'out-of-scope', ...facts.scope })
  for (const { met, taskId, index } of facts.evidence)
    if (!met && required.has(taskId)) blockers.push({ kind: 'evidence', taskId, index })
  const { session } = facts
  if (session?.plan.state === 'incomplete') blockers.push({ kind: 'plan', open: session.plan.open })
  for (const { name, outcome, prepares } of facts.commands)
    if (outcome === 'failed') blockers.push({ kind: prepares ? 'prepare' : 'command', name })
    else if (outcome !== 'passed') blockers.push({ kind: outcome, name })
  for (const { name, outcome, box } of facts.commands)
    if (outcome !== 'could-not-run' && box?.seal?.kind === 'sealed' && box.seal.rewrote.length > 0)
      blockers.push({ kind: 'gate-rewrote', name, paths: box.seal.rewrote })
  if (facts.gatesRun === 'full')
    for (const name of unknownCommands(facts, run)) blockers.push({ kind: 'unknown-command', name })
  if (session) {
    const { background, endTried, children } = session
    if (mustBeNamed(background, run) || (endTried && background.length > 0))
      blockers.push({ kind: 'background', processes: background })
    if (children.length > 0) blockers.push({ kind: 'children', children })
  }
  if (facts.gateWrites.length > 0) blockers.push({ kind: 'gate-writes', paths: facts.gateWrites })
  return blockers
}

/**
 * Names the blocker for the repeated-failure signature: no times, no output. Ledgers hold signatures of it, so a change
 * makes a run that was stuck look as if it had moved.
 */
export function blockerKey(blocker: Blocker): string {
  switch (blocker.kind) {
    case 'workspace':
    case 'background':
      return blocker.kind
    case 'out-of-scope':
      return `out-of-scope:${blocker.digest}`
    case 'evidence':
      return `evidence:${blocker.taskId}:${blocker.index}`
    case 'plan':
      return `plan:${blocker.open.join('\n')}`
    case 'command':
    case 'could-not-run':
    case 'prepare':
      return `${blocker.kind}:${blocker.name}`
    case 'unknown-command':
      return `could-not-run:${blocker.name}`
    case 'children':
      return `children:${blocker.children.map((child) => child.id).join('\n')}`
    case 'gate-writes':
      return `gate-writes:${blocker.paths.join('\n')}`
    case 'gate-rewrote':
      return `gate-rewrote:${blocker.name}:${blocker.paths.join('\n')}`
    default:
      return never(blocker, 'blocker')
  }
}

/** Commands that required tasks ask for and that were not run with all others: a task that nobody looked at is not done. */
function unknownCommands(facts: Facts, run: RunSoFar): Set<string> {
  const ran = new Set(facts.commands.map((command) => command.name))
  return new Set(
    run.contract.tasks
      .filter((task) => task.required)
      .flatMap((task) => task.evidence)
      .flatMap((evidence) =>
        evidence.kind === 'commandRef' && !ran.has(evidence.name) ? [evidence.name] : [],
      ),
  )
}

/** Ids of required tasks with an unmet evidence or a failed command they refer to, in the contract's order. */
export function outstandingTasks(facts: Facts, run: RunSoFar): string[] {
  const unmet = new Set(facts.evidence.filter((fact) => !fact.met).map((fact) => fact.taskId))
  const passed = new Set(
    facts.commands.filter((command) => command.outcome === 'passed').map((command) => command.name),
  )
  return run.contract.tasks
    .filter((task) => task.required)
    .filter(
      (task) =>
        facts.unseen !== null ||
        unmet.has(task.id) ||
        task.evidence.some((evidence) => evidence.kind === 'commandRef' && !passed.has(evidence.name)),
    )
    .map((task) => task.id)
}
