import type { RunState } from '../ledger/state.ts'
import type { Facts, RunningProcess } from './facts.ts'

/** Why a run may not be released. `key` names the blocker for the repeated-failure signature: no times, no output. */
export type Blocker =
  | { readonly kind: 'workspace'; readonly key: string; readonly why: string }
  | { readonly kind: 'plan'; readonly key: string; readonly open: readonly string[] }
  | { readonly kind: 'evidence'; readonly key: string; readonly taskId: string; readonly detail: string }
  | { readonly kind: 'command'; readonly key: string; readonly name: string }
  | { readonly kind: 'could-not-run'; readonly key: string; readonly name: string; readonly why: string }
  | { readonly kind: 'background'; readonly key: string; readonly processes: readonly string[] }
  | { readonly kind: 'children'; readonly key: string; readonly children: readonly string[] }
  | { readonly kind: 'gate-writes'; readonly key: string; readonly paths: readonly string[] }

/** Notice remembered once a process was named, so that a server is not named at every stop. */
export const backgroundNotice = ({ pid, start }: RunningProcess): string =>
  `${backgroundPrefix}${pid}/${start}`
const backgroundPrefix = 'background:'

/**
 * Whether the agent has to hear of one of these processes. Not right after it heard of others: a supervisor that starts
 * its server anew under another number would be blocked for ever.
 */
export function mustBeNamed(processes: readonly RunningProcess[], run: RunState): boolean {
  return (
    run.contract.policy.background === 'block' &&
    !run.lastStop?.notices.some((notice) => notice.startsWith(backgroundPrefix)) &&
    processes.some((one) => !run.notices.includes(backgroundNotice(one)))
  )
}

export const processText = ({ pid, command }: RunningProcess): string => `${pid} ${command}`

/** Everything that stands in the way, in the order the agent should read it. Only required tasks block. */
export function findBlockers(facts: Facts, run: RunState): Blocker[] {
  const required = new Set(run.contract.tasks.filter((task) => task.required).map((task) => task.id))
  const blockers: Blocker[] = []
  if (facts.unseen !== null) blockers.push({ kind: 'workspace', key: 'workspace', why: facts.unseen })
  for (const fact of facts.evidence) {
    if (fact.met || !required.has(fact.taskId)) continue
    blockers.push({
      kind: 'evidence',
      key: `evidence:${fact.taskId}:${fact.index}`,
      taskId: fact.taskId,
      detail: fact.detail,
    })
  }
  if (facts.plan.state === 'incomplete')
    blockers.push({ kind: 'plan', key: `plan:${facts.plan.open.join('\n')}`, open: facts.plan.open })
  for (const command of facts.commands) {
    if (command.outcome === 'passed') continue
    blockers.push(
      command.outcome === 'failed'
        ? { kind: 'command', key: `command:${command.name}`, name: command.name }
        : {
            kind: 'could-not-run',
            key: `could-not-run:${command.name}`,
            name: command.name,
            why: command.detail,
          },
    )
  }
  for (const name of facts.gatesRun === 'full' ? unknownCommands(facts, run) : [])
    blockers.push({
      kind: 'could-not-run',
      key: `could-not-run:${name}`,
      name,
      why: 'the approved config has no command of this name',
    })
  if (mustBeNamed(facts.background, run) || (facts.endTried && facts.background.length > 0))
    blockers.push({
      kind: 'background',
      key: 'background',
      processes: facts.background.map(processText),
    })
  if (facts.children.length > 0)
    blockers.push({
      kind: 'children',
      key: `children:${facts.children.map((child) => child.id).join('\n')}`,
      children: facts.children.map((child) => `${child.id} (${child.agentType})`),
    })
  if (facts.gateWrites.length > 0)
    blockers.push({
      kind: 'gate-writes',
      key: `gate-writes:${facts.gateWrites.join('\n')}`,
      paths: facts.gateWrites,
    })
  return blockers
}

/** Commands that required tasks ask for and that were not run with all others: a task that nobody looked at is not done. */
function unknownCommands(facts: Facts, run: RunState): Set<string> {
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
export function outstandingTasks(facts: Facts, run: RunState): string[] {
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
