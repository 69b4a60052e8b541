import { never } from '../../base/result.ts'
import type { RunState } from '../../ledger/state.ts'
import { processText } from '../blockers.ts'
import type { Decision } from '../decide.ts'
import type { Facts } from '../facts.ts'
import { limitWords } from './halt.ts'
import { witness } from './block.ts'
import { short } from './short.ts'

/** Why a gate cannot run ends with the command that helps, and a path in it may be long. */
const maxDetail = 600

/** What the person reads when a stop does not go on: one line of state, then what to do. */
export function personMessage(decision: Decision, facts: Facts, run: RunState, head: string): string {
  const objective = short(run.contract.objective)
  switch (decision.verdict) {
    case 'release':
      return `autonomous-loop: released. "${objective}" is done: ${releaseProof(facts, run)}.${processWords(facts)} ${witness(head)}`
    case 'halt':
      return `autonomous-loop: halted. ${limitWords(decision.limit)} "${objective}" is not done; \`autonomous-loop resume\` goes on with fresh limits. ${witness(head)}`
    case 'park':
      return `autonomous-loop: parked, waiting for you. ${parkWords(decision.cause, facts)} The contract "${objective}" stays open; your next prompt goes on. ${witness(head)}`
    case 'block':
      return `autonomous-loop: blocked stop ${run.stops + 1}. ${witness(head)}`
    default:
      return never(decision, 'verdict')
  }
}

function parkWords(cause: 'wait' | 'could-not-run' | 'definition', facts: Facts): string {
  if (cause === 'wait') return `The agent asks: ${short(facts.wait?.reason ?? '')}`
  if (cause === 'definition' && facts.drift) {
    const changes = facts.drift.changes.map((change) => `${change.file}: ${short(change.text)}`).slice(0, 6)
    return `What the gates mean was changed (${changes.join('; ')}). Put it back, or accept it with \`autonomous-loop amend ${facts.drift.digest.slice(0, 12)}\`.`
  }
  const commands = facts.commands.filter((command) => command.outcome === 'could-not-run')
  return `These gates cannot run here: ${commands.map((command) => `${command.name} (${short(command.detail, maxDetail)})`).join(', ')}.`
}

function releaseProof(facts: Facts, run: RunState): string {
  const tasks = run.contract.tasks.filter((task) => task.required).length
  const gates = facts.commands.map((command) => command.name)
  return `${tasks} ${tasks === 1 ? 'task' : 'tasks'} proved, ${gates.length > 0 ? `gates ${gates.join(', ')} passed` : 'no gates asked for'}`
}

/** A process that goes on after the release could still change the work; one that was ended may be missed. */
function processWords({ background, ended }: Facts): string {
  const names = (processes: readonly string[]): string => processes.map(short).join(', ')
  return [
    background.length > 0
      ? ` Commands of the agent go on, and what they do from now on was not judged: ${names(background.map(processText))}.`
      : '',
    ended.length > 0 ? ` Commands of the agent were ended before it: ${names(ended)}.` : '',
  ].join('')
}
