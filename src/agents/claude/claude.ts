import { randomUUID } from 'node:crypto'
import { systemWords } from '../../base/system-words.ts'
import { OutputLog } from '../../gates/output.ts'
import { Redaction } from '../../gates/secrets.ts'
import type { Agent, AgentEvent, Outcome, Turn } from '../agent.ts'
import { asAgent } from '../as-agent.ts'
import type { AgentGround } from '../launch.ts'
import { makePlaces, outputLog } from '../places.ts'
import { couldNotStart, didNotBegin } from '../could-not-start.ts'
import { runInPlace } from '../run-in-place.ts'
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

/** For people. */
const NAME = 'Claude Code'
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
  if (outcome !== 'unknown') return outcome
  const redaction = new Redaction(secretsOf(ground), () => {})
  return didNotBegin(NAME, redaction.text(wordsOfErrors(turn)))
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
  const { gatePath, vars } = ground
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
  const log = new OutputLog(outputLog(turn), MAX_LOG_BYTES)
  const redaction = new Redaction(secretsOf(ground), (bytes) => log.push(bytes))
  const spent = conversation.isNew ? 0 : turn.spent
  const seen = new ClaudeTurn({ configDir: agent.configDir, id: conversation.id, spent }, events, (line) =>
    redaction.push(Buffer.from(`${line}\n`)),
  )
  const end = await runInPlace(
    ground,
    turn,
    {
      cwd: turn.workspace,
      argv: withInput(turn, claudeArgv(agent, turn, conversation)),
      env: (mark) => ({ ...claudeEnvironment(turn, { vars, gatePath, mark }), ...shell }),
      writable: [turn.scratch, ...reach.writable],
      closed: reach.closed,
      thrownAway: reach.thrownAway,
      network: 'full',
      inside: 'codex',
    },
    { onOutput: (bytes) => seen.push(bytes), isBusy: () => seen.isBusy() },
    events,
    order,
  )
  seen.end()
  redaction.flush()
  log.close()
  if (end.kind === 'could-not-start') return end
  keepErrors(turn, (words) => redaction.text(words))
  if (end.kind === 'no-mark') return didNotBegin(NAME, redaction.text(end.said))
  if (end.kind !== 'exit') return end
  if (!seen.hasBegun && hasRefused(end.exit.code)) return 'unknown'
  return claudeOutcome({ ...end.exit, ...seen.facts() }, turn.form)
}

/** It left by itself: above these are the signals of others, as the box tells them. */
const hasRefused = (code: number | null): boolean => code !== null && code > 0 && code < 128

const secretsOf = ({ vars }: AgentGround): readonly string[] => Object.values(credentialsIn(vars))
