import { never } from '../../base/result.ts'
import { processText } from '../blockers.ts'
import type { Judgement, ParkCause } from '../judgement.ts'
import type { RunSoFar } from '../so-far.ts'
import type { RunStatus } from '../standing.ts'
import { commandWords } from './command.ts'
import { changeWords } from './definition.ts'
import { goOnWords } from './go-on.ts'
import { haltWords } from './limit.ts'
import { flakyPasses, inPlaceWords } from './room.ts'
import { short } from './short.ts'
import { questionWords, unprovedWords } from './unproved.ts'
import { witness } from './witness.ts'

/** Why a gate cannot run ends with the command that helps, and a path in it may be long. */
const maxDetail = 600
const maxChanges = 6

/**
 * What the person reads when a stop does not go on: one line of state, then what to do. `run` as it was before the
 * verdict; `session` is null where no person's session holds it, so that nobody has a prompt to go on with.
 */
export function personMessage(
  judgement: Judgement,
  run: RunSoFar,
  head: string,
  session: string | null,
  host?: 'claude',
): string {
  const objective = short(run.contract.objective)
  const goOn = (status: RunStatus): string => (session === null ? '' : `${goOnWords(status, session, host)} `)
  switch (judgement.verdict) {
    case 'release':
      return `autonomous-loop: released. "${objective}" is done: ${releaseProof(judgement, run)}.${notProved(judgement)}${processWords(judgement)} ${witness(head)}`
    case 'halt':
      return `autonomous-loop: halted. ${haltWords(judgement.halt)} "${objective}" is not done. ${goOn('halted')}${witness(head)}`
    case 'park':
      return `autonomous-loop: parked, waiting for you. ${waitingFor(judgement.park, judgement)} The contract "${objective}" stays open. ${goOn('parked')}${witness(head)}`
    case 'block':
      return `autonomous-loop: blocked stop ${judgement.stop}. ${witness(head)}`
    default:
      return never(judgement, 'verdict')
  }
}

function waitingFor(park: ParkCause, judgement: Judgement): string {
  switch (park.kind) {
    case 'wait':
      return `The agent asks: ${short(park.reason)}`
    case 'accepted':
    case 'definition': {
      const changes = (judgement.drift?.changes ?? []).map((change) => short(changeWords(change)))
      return `The gate definition has changed (${changes.slice(0, maxChanges).join('; ')}). Put it back, or accept it with \`autonomous-loop amend ${park.digest.slice(0, 12)}\`.`
    }
    case 'unproved':
      return `${questionWords(judgement).join(' ')} Accept it with \`autonomous-loop amend ${park.digest.slice(0, 12)}\`, or say what you want instead.`
    case 'could-not-run': {
      const commands = judgement.commands.filter((command) => command.outcome === 'could-not-run')
      return `These gates cannot run here: ${commands.map((command) => `${command.name} (${short(stuckDetail(command), maxDetail)})`).join(', ')}.`
    }
    case 'recorded':
      return park.text
    default:
      return never(park, 'park cause')
  }
}

function stuckDetail(command: Judgement['commands'][number]): string {
  const elsewhere = inPlaceWords(command, 'the')
  return elsewhere === null ? commandWords(command) : `${commandWords(command)}; ${elsewhere}`
}

function releaseProof({ commands }: Judgement, run: RunSoFar): string {
  const tasks = run.contract.tasks.filter((task) => task.required).length
  const gates = commands.map((command) => command.name)
  const flaky = flakyPasses({ commands }).map((one) => `; ${one}`)
  return `${tasks} ${tasks === 1 ? 'task' : 'tasks'} proved, ${gates.length > 0 ? `gates ${gates.join(', ')} passed${roomOnly(commands)}${flaky.join('')}` : 'no gates asked for'}`
}

function notProved(judgement: Judgement): string {
  const words = unprovedWords(judgement)
  return words === null ? '' : ` ${words}`
}

/** Where all of them passed, if that is one place of ours. */
function roomOnly(commands: Judgement['commands']): string {
  return commands.every(({ box }) => box?.place === 'clean-room') ? ' in the clean room' : ''
}

/** A process that goes on after the release could still change the work; one that was ended may be missed. */
function processWords({ session }: Judgement): string {
  const { background = [], ended = [] } = session ?? {}
  const names = (processes: readonly string[]): string => processes.map((one) => short(one)).join(', ')
  return [
    background.length > 0
      ? ` Commands of the agent go on, and what they do from now on was not judged: ${names(background.map(processText))}.`
      : '',
    ended.length > 0 ? ` Commands of the agent were ended before it: ${names(ended)}.` : '',
  ].join('')
}
