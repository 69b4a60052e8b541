import { never } from '../../base/result.ts'
import type { StopRecord } from '../../ledger/events.ts'
import type { RunState } from '../../ledger/state.ts'
import type { Blocker } from '../blockers.ts'
import type { Decision } from '../decide.ts'
import type { DefinitionDrift, Facts } from '../facts.ts'
import { limitWords } from './halt.ts'
import { outputWords } from './output.ts'
import { listed, maxListed, oneLine, short } from './short.ts'

export interface WordsContext {
  /** Absolute command of the CLI, as a word for a shell: the agent's login shell may have neither us nor node on PATH. */
  readonly cli: string
  /** Head hash of the ledger before this stop; its short form in the reason makes Codex's transcript a witness. */
  readonly head: string
}

/** Lines of a whole reason: what is longer is not read to its end. */
const maxLines = 59
const maxDefinitionLines = 40

/** The reason of a block (or of the last block before a halt): what is outstanding, the proof, the one next step. */
export function blockReason(decision: Decision, facts: Facts, run: RunState, context: WordsContext): string {
  const stop = `stop ${run.iteration + 1} of ${run.contract.limits.maxStopIterations}`
  const parts =
    decision.verdict === 'halt'
      ? [`autonomous-loop: last block (${stop}). ${limitWords(decision.limit)}`, haltRequest(decision, run)]
      : [`autonomous-loop: not done yet (${stop}).`]

  if (facts.drift) parts.push(...definitionWords(facts.drift, facts.gatesRun))
  else parts.push(['Outstanding:', ...outstanding(decision, facts, run)].join('\n'))
  if (facts.plan.state === 'stale')
    parts.push(
      'The plan on record is older than this session start and was not enforced; update it if it still matters.',
    )
  const end = [
    ...(decision.verdict === 'halt' ? [] : [nextStep(decision, facts, context)]),
    witness(context.head),
  ]
  if (!facts.drift) {
    const failed = facts.commands.filter((command) => command.outcome === 'failed')
    const room = maxLines - [...parts, ...end].join('\n\n').split('\n').length
    parts.push(...outputWords(failed, lastShown(run), room, context.cli))
  }
  return [...parts, ...end].join('\n\n')
}

/** The commands of the last stop, if that was a block which the agent got since the limits were made fresh. */
function lastShown(run: RunState): StopRecord['commands'] {
  return run.iteration > 0 && run.lastStop?.verdict === 'block' ? run.lastStop.commands : []
}

function outstanding(decision: Decision, facts: Facts, run: RunState): string[] {
  const lines = decision.blockers.map((one) => oneLine(blockerWords(one, facts, run)))
  const more = lines.length - maxListed
  return more > 0 ? [...lines.slice(0, maxListed), `- and ${more} more`] : lines
}

/** Short head hash, as it ends every reason. */
export function witness(head: string): string {
  return `[ledger ${head.slice(0, 12) || 'new'}]`
}

function blockerWords(blocker: Blocker, facts: Facts, run: RunState): string {
  switch (blocker.kind) {
    case 'workspace':
      return `- the workspace cannot be looked at, so nothing in it was judged: ${blocker.why}`
    case 'evidence': {
      const task = run.contract.tasks.find((one) => one.id === blocker.taskId)
      return `- ${blocker.taskId} "${task?.title ?? ''}": ${blocker.detail}`
    }
    case 'plan':
      return (
        `- plan: ${blocker.open.length} ${blocker.open.length === 1 ? 'step is' : 'steps are'} not completed: ` +
        listed(blocker.open.map((step) => `"${step}"`))
      )
    case 'command': {
      const command = facts.commands.find((one) => one.name === blocker.name)
      return (
        `- gate ${blocker.name}: ${command?.detail ?? 'failed'} (${seconds(command?.durationMs ?? 0)})` +
        (facts.endTried ? ', now that what you left running was ended; a gate must start what it needs' : '')
      )
    }
    case 'could-not-run':
      return `- gate ${blocker.name} could not run, which is not your fault: ${blocker.why}`
    case 'background':
      return `- processes of this session still run: ${listed(blocker.processes)}. ${endWords(facts)}`
    case 'children':
      return (
        `- ${blocker.children.length === 1 ? 'a sub-agent is' : `${blocker.children.length} sub-agents are`} still at work: ${listed(blocker.children)}. ` +
        'What they write later would not have been judged.'
      )
    case 'gate-writes':
      return (
        `- the workspace moved while the gates ran, every time: ${listed(blocker.paths)}. ` +
        'Something still writes, or a gate writes files that the approved `policy.gateWrites` does not cover.'
      )
    default:
      return never(blocker, 'blocker')
  }
}

function endWords(facts: Facts): string {
  return facts.endTried
    ? 'They could not be ended.'
    : 'End what is not needed any more. What still runs once all else is proved is ended before the release, unless the approved `policy.background` is "allow".'
}

function definitionWords(drift: DefinitionDrift, gatesRun: Facts['gatesRun']): string[] {
  const lines = drift.changes.flatMap((change) => `- ${change.file}: ${change.text}`.split('\n'))
  const more = lines.length - maxDefinitionLines
  return [
    gatesRun === 'none'
      ? 'What the gates mean was changed after the contract was frozen. Nothing of it was run.'
      : 'What the gates mean was changed while they ran. What they said does not count.',
    [...lines.slice(0, maxDefinitionLines), ...(more > 0 ? [`- and ${more} more lines`] : [])].join('\n'),
    `Put it back as it was and stop again. If the change is right, only the person can accept it, with the prompt: autonomous-loop amend ${drift.digest.slice(0, 12)}`,
  ]
}

function nextStep(decision: Decision, facts: Facts, context: WordsContext): string {
  const help = `If only a person can help, run: ${context.cli} request wait --reason "<what you need>" and give the token it prints in your last message.`
  if (facts.drift) return `Next: restore the files named above, then go on with the work. ${help}`
  const first = decision.blockers[0]
  const next = first ? nextFor(first) : 'go on with the work'
  return `Next: ${next}. Then finish your turn; this check runs again by itself. ${help}`
}

function nextFor(blocker: Blocker): string {
  switch (blocker.kind) {
    case 'workspace':
      return 'put right what keeps git from looking at the workspace; if that is not your work, tell the person'
    case 'evidence':
      return `do what ${blocker.taskId} asks`
    case 'plan':
      return 'finish the open plan steps and mark them completed with update_plan'
    case 'command':
      return `make gate ${blocker.name} pass by fixing the work, not the gate`
    case 'could-not-run':
      return `nothing of yours failed; say in your message that gate ${blocker.name} cannot run here`
    case 'background':
      return 'end the processes named above'
    case 'children':
      return 'wait until the sub-agents named above are done, or close them'
    case 'gate-writes':
      return 'find what writes the files named above'
    default:
      return never(blocker, 'blocker')
  }
}

function haltRequest(decision: Decision, run: RunState): string {
  const open =
    decision.outstandingTaskIds.length > 0 ? ` Open tasks: ${decision.outstandingTaskIds.join(', ')}.` : ''
  return (
    `The contract "${short(run.contract.objective)}" is NOT fulfilled.${open} Do no more work. Your last message must tell the person exactly that, ` +
    'what is missing below, and that they can go on with the prompt `autonomous-loop resume`.'
  )
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
