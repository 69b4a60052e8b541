import { never } from '../../base/result.ts'
import type { CommandRecord } from '../../gates/command-record.ts'
import { processText } from '../blockers.ts'
import type { Blocker, Judgement } from '../judgement.ts'
import type { RunSoFar } from '../so-far.ts'
import { commandWords } from './command.ts'
import { askedAndFound } from './evidence.ts'
import { flakyWords, inPlaceWords, withoutWords, roomRemedy } from './room.ts'
import { outOfScopeRemedy, outOfScopeWords } from './scope.ts'
import type { Voice } from './voice.ts'
import { listed, seconds, short } from './short.ts'

/** One thing that stands in the way, in one sentence. */
export function blockerWords(blocker: Blocker, judgement: Judgement, run: RunSoFar): string {
  switch (blocker.kind) {
    case 'workspace':
      return `git cannot read the workspace, so nothing in it was judged: ${blocker.why}`
    case 'out-of-scope':
      return outOfScopeWords(blocker, run.contract)
    case 'evidence': {
      const task = run.contract.tasks.find((one) => one.id === blocker.taskId)
      const evidence = task?.evidence[blocker.index]
      const fact = judgement.evidence.find(
        (one) => one.taskId === blocker.taskId && one.index === blocker.index,
      )
      return `${blocker.taskId} "${task?.title ?? ''}": ${evidence && fact ? askedAndFound(evidence, fact.found) : 'not met'}`
    }
    case 'plan':
      return (
        `plan: ${blocker.open.length} ${blocker.open.length === 1 ? 'step is' : 'steps are'} not completed: ` +
        listed(blocker.open.map((step) => `"${step}"`))
      )
    case 'command':
      return commandBlocker(blocker.name, judgement, run)
    case 'could-not-run': {
      const command = judgement.commands.find((one) => one.name === blocker.name)
      if (command?.lacks) return `gate ${blocker.name} ${commandWords(command)}`
      return `${command?.prepares ? stepOf(command) : `gate ${blocker.name}`} could not run (not your fault): ${command ? commandWords(command) : 'it was not started'}${inPlaceOf(command)}`
    }
    case 'prepare': {
      const command = judgement.commands.find((one) => one.name === blocker.name)
      return `${command ? stepOf(command) : blocker.name} ${command ? commandWords(command) : 'failed'} (${seconds(command?.durationMs ?? 0)}); what it reads differs from the start, and no gate can run without it`
    }
    case 'unknown-command':
      return `gate ${blocker.name} could not run (not your fault): the approved config has no command of this name`
    case 'background':
      return `processes of this session still run: ${listed(blocker.processes.map(processText))}. ${endWords(judgement)}`
    case 'children': {
      const { children } = blocker
      const who = children.length === 1 ? 'a sub-agent is' : `${children.length} sub-agents are`
      return `${who} still at work: ${listed(children.map((child) => `${child.id} (${child.agentType})`))}. What they write later would not have been judged.`
    }
    case 'gate-writes':
      return (
        `the workspace moved while the gates ran, every time: ${listed(blocker.paths)}. ` +
        'Something still writes, or a gate writes files that the approved `policy.gateWrites` does not cover.'
      )
    case 'gate-rewrote':
      return `gate ${blocker.name} rewrote ${listed(blocker.paths)}, on a layer that is thrown away; the workspace has none of it`
    default:
      return never(blocker, 'blocker')
  }
}

/** A gate that failed, with the tasks that rest on it. */
function commandBlocker(name: string, judgement: Judgement, run: RunSoFar): string {
  const command = judgement.commands.find((one) => one.name === name)
  const tasks = run.contract.tasks
    .filter((task) => task.required)
    .filter((task) => task.evidence.some((one) => one.kind === 'commandRef' && one.name === name))
  return [
    `gate ${name}`,
    tasks.length > 0 ? ` (proves ${tasks.map((task) => task.id).join(', ')})` : '',
    `: ${command ? commandWords(command) : 'failed'} (${seconds(command?.durationMs ?? 0)})`,
    judgement.session?.endTried
      ? ', now that what you left running was ended; a gate must start what it needs'
      : '',
    command?.runs ? `, ${flakyWords(command) ?? 'run twice'}` : '',
    inPlaceOf(command),
    withoutWords(command?.box),
  ].join('')
}

/** A step of `prepare` as the agent reads it. */
function stepOf({ name, argv }: CommandRecord): string {
  return `${name} (${short(argv.join(' '), 80)}), which makes what gates find in the clean room,`
}

function inPlaceOf(command: CommandRecord | undefined): string {
  const words = command ? inPlaceWords(command, 'your') : null
  return words === null ? '' : `; ${words}`
}

function endWords({ session }: Judgement): string {
  return session?.endTried
    ? 'They could not be ended.'
    : 'End what is not needed any more. What still runs once all else is proved is ended before the release, unless the approved `policy.background` is "allow".'
}

/** The one thing to do about it. */
export function nextFor(blocker: Blocker, { commands }: Pick<Judgement, 'commands'>, voice: Voice): string {
  switch (blocker.kind) {
    case 'workspace':
      return 'fix whatever stops git from reading the workspace; if that is not your work, tell the person'
    case 'out-of-scope':
      return outOfScopeRemedy(blocker, voice)
    case 'evidence':
      return `do what ${blocker.taskId} asks`
    case 'plan':
      return 'finish the open plan steps and mark them completed with update_plan'
    case 'command':
      if (commands.find((one) => one.name === blocker.name)?.tests)
        return `for gate ${blocker.name}, ${startTestsRemedy}`
      return `make gate ${blocker.name} pass by fixing the work, not the gate${passesInPlace(blocker.name, commands) ? `: ${roomRemedy}` : ''}`
    case 'prepare':
      return `make ${blocker.name} pass by fixing the manifests, lock files or sources that it reads`
    case 'could-not-run':
      if (commands.find((one) => one.name === blocker.name)?.lacks)
        return `look at the output of gate ${blocker.name} for what is not about the network, and finish your turn to have it judged`
      if (passesInPlace(blocker.name, commands)) return `for gate ${blocker.name}, ${roomRemedy}`
      return cannotRun(blocker.name)
    case 'unknown-command':
      return cannotRun(blocker.name)
    case 'background':
      return 'end the processes named above'
    case 'children':
      return 'wait until the sub-agents named above are done, or close them'
    case 'gate-writes':
      return 'find what writes the files named above'
    case 'gate-rewrote':
      return `run ${blocker.name} yourself, or make its changes yourself; a gate that writes sources it does not change needs the approved \`gateWrites\` of its command`
    default:
      return never(blocker, 'blocker')
  }
}

const passesInPlace = (name: string, commands: Judgement['commands']): boolean =>
  commands.find((one) => one.name === name)?.inPlace?.outcome === 'passed'

/** An agent cannot say what the tests of the start are. */
const startTestsRemedy =
  'make the work do what the tests of the start ask for: they were run as they were then, whatever the workspace has now. If what they ask for is not wanted any more, only the person can say so, with `tests` in .codex/autoloop.project.json'

const cannotRun = (name: string): string =>
  `nothing of yours failed; say in your message that gate ${name} cannot run here`
