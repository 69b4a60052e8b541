import { randomBytes, randomUUID } from 'node:crypto'
import { type Failure, never } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { gateOwner } from '../../gates/environment.ts'
import { OutputLog } from '../../gates/output.ts'
import { Redaction } from '../../gates/secrets.ts'
import { starterArgv } from '../../gates/starter.ts'
import type { Agent, AgentEvent, Outcome, Turn } from '../agent.ts'
import { asAgent } from '../as-agent.ts'
import type { AgentGround } from '../command.ts'
import { makePlaces, outputLog, writtenRoot } from '../places.ts'
import { runProgram } from '../run-program.ts'
import type { StopOrder } from '../stop-order.ts'
import { keepErrors, withInput, wordsOfErrors } from '../with-input.ts'
import { claudeArgv } from './argv.ts'
import { ClaudeTurn } from './claude-turn.ts'
import { transcriptsOf } from './conversations.ts'
import { claudeEnvironment, credentialsIn } from './environment.ts'
import { claudeOutcome } from './outcome.ts'
import { type ClaudeReach, claudeReach } from './reach.ts'
import type { ClaudeAgent } from './settings.ts'
import { approvedShell } from './shell.ts'

const MAX_LOG_BYTES = 16 << 20

/** The real Claude Code, in our box and sandbox: it has none of its own that would hold its tools and hooks. */
export function claudeAgent(agent: ClaudeAgent, ground: AgentGround): Agent {
  return asAgent((turn, events, order) => runTurn(agent, ground, turn, events, order))
}

async function runTurn<A>(
  agent: ClaudeAgent,
  ground: AgentGround,
  turn: Turn<A>,
  events: (event: AgentEvent) => void,
  order: StopOrder,
): Promise<Outcome<A>> {
  const made = makePlaces(turn)
  if (!made.ok) return couldNotStart(made.error)
  const { conversation } = turn
  if (conversation !== null && transcriptsOf(agent.configDir, conversation).length > 0) {
    const outcome = await converse(agent, ground, turn, events, order, { id: conversation, isNew: false })
    if (outcome !== 'unknown') return outcome
  }
  const outcome = await converse(agent, ground, turn, events, order, { id: randomUUID(), isNew: true })
  return outcome === 'unknown' ? didNotBegin(wordsOfErrors(turn), ground) : outcome
}

/** `unknown`: it ended before it had any conversation. */
async function converse<A>(
  agent: ClaudeAgent,
  ground: AgentGround,
  turn: Turn<A>,
  events: (event: AgentEvent) => void,
  order: StopOrder,
  conversation: { readonly id: string; readonly isNew: boolean },
): Promise<Outcome<A> | 'unknown'> {
  const { launch, gatePath, vars, mark } = ground
  const nonce = `${gateOwner(process.pid)}${randomBytes(8).toString('hex')}`
  const own = `${mark}:${nonce}`
  let reach: ClaudeReach
  let shell: Readonly<Record<string, string>>
  try {
    reach = claudeReach(agent.configDir, turn.workspace, vars)
    shell = approvedShell(turn, gatePath)
  } catch (error) {
    return couldNotStart({
      code: 'agent-place',
      message: `what Claude Code needs cannot be written: ${systemWords(error)}`,
      fix: 'autonomous-loop doctor',
    })
  }
  const argv = withInput(turn, claudeArgv(agent, turn, conversation))
  const launched = launch({
    argv: starterArgv({ nonce, path: gatePath, cwd: turn.workspace, argv }),
    env: { ...claudeEnvironment(turn, { vars, gatePath, mark: own }), ...shell },
    root: writtenRoot(turn),
    writable: [turn.scratch, ...reach.writable],
    closed: reach.closed,
    thrownAway: reach.thrownAway,
    network: 'full',
    inside: 'codex',
  })
  if (!launched.ok) return couldNotStart(launched.error)
  const log = new OutputLog(outputLog(turn), MAX_LOG_BYTES)
  const redaction = new Redaction(secretsOf(ground), (bytes) => log.push(bytes))
  const spent = conversation.isNew ? 0 : turn.spent
  const seen = new ClaudeTurn({ configDir: agent.configDir, id: conversation.id, spent }, events, (line) =>
    redaction.push(Buffer.from(`${line}\n`)),
  )
  const end = await runProgram(
    {
      launch: launched.value,
      nonce,
      mark: own,
      cwd: turn.workspace,
      privateDir: turn.dir,
      limits: turn.limits,
      onStart: (process) => events({ kind: 'started', process, sandbox: launched.value.box?.rung ?? 'off' }),
      onOutput: (bytes) => seen.push(bytes),
      isBusy: () => seen.isBusy(),
    },
    order,
  )
  seen.end()
  redaction.flush()
  log.close()
  keepErrors(turn, (words) => redaction.text(words))
  switch (end.kind) {
    case 'exit':
      if (!seen.hasBegun && hasRefused(end.exit.code)) return 'unknown'
      return claudeOutcome({ ...end.exit, ...seen.facts() }, turn.form)
    case 'not-started':
      return couldNotStart(end.why)
    case 'no-mark':
      return didNotBegin(end.said, ground)
    case 'silent':
    case 'too-long':
    case 'stopped':
      return { kind: end.kind }
    default:
      return never(end, 'end')
  }
}

/** It left by itself: above these are the signals of others, as the box tells them. */
const hasRefused = (code: number | null): boolean => code !== null && code > 0 && code < 128

const MOST_WORDS = 1500

const secretsOf = ({ vars }: AgentGround): readonly string[] => Object.values(credentialsIn(vars))

const didNotBegin = (said: string, ground: AgentGround): Outcome<never> =>
  couldNotStart({
    code: 'agent-not-started',
    message: `Claude Code did not begin: ${shown(said, ground).slice(0, MOST_WORDS)}`,
    fix: 'autonomous-loop doctor',
  })

const shown = (said: string, ground: AgentGround): string =>
  new Redaction(secretsOf(ground), () => {}).text(said.trim())

const couldNotStart = (why: Failure): Outcome<never> => ({ kind: 'could-not-start', why })
