import { ok } from '../base/result.ts'
import type { Network } from '../contract/network.ts'
import type { Command } from '../contract/types.ts'
import { OutputLog } from '../gates/output.ts'
import { resolveCommand } from '../gates/resolve.ts'
import { Redaction, findSecrets } from '../gates/secrets.ts'
import type { Exit } from '../gates/started.ts'
import type { Agent, AgentEvent, Outcome, Turn, TurnBase } from './agent.ts'
import { readAnswer } from './answer-form.ts'
import { passingOutcome } from './passing.ts'
import { readTokens, withoutTokens } from './claimed-tokens.ts'
import { agentEnvironment } from './environment.ts'
import type { AgentGround, AgentLauncher } from './launch.ts'
import { makePlaces, outputLog, resultFile } from './places.ts'
import { filledArgv } from './placeholders.ts'
import { couldNotStart, didNotBegin } from './could-not-start.ts'
import { runInPlace } from './run-in-place.ts'
import { asAgent } from './as-agent.ts'
import type { StopOrder } from './stop-order.ts'

/** An agent that is any command: it reads a file with the prompt, works, and says in another how it went. */
export interface CommandAgent {
  /** With placeholders, see `filledArgv`. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Its own directories besides the workspace, such as that of its settings: absolute, or `~/…`. */
  readonly writable: readonly string[]
  /** Variables of ours that it gets, hidden in its log. */
  readonly secrets: readonly string[]
  /** `off`: the person's choice in the approved config. */
  readonly sandbox: 'on' | 'off'
  readonly network: Network
}

/** In one turn; what is said after that is not kept. */
const MAX_LOG_BYTES = 16 << 20
const ACTIVITY_MS = 1000
/** As sysexits has it: a failure that passes. */
const PASSING_CODE = 75

export function commandAgent(agent: CommandAgent, ground: AgentGround): Agent {
  return asAgent((turn, events, order) => runTurn(agent, ground, turn, events, order))
}

async function runTurn<A>(
  agent: CommandAgent,
  ground: AgentGround,
  turn: Turn<A>,
  events: (event: AgentEvent) => void,
  order: StopOrder,
): Promise<Outcome<A>> {
  const { gatePath, vars } = ground
  const command = asCommand(agent, turn)
  const resolved = resolveCommand(command, turn.workspace, gatePath)
  if (!resolved.ok) return couldNotStart(resolved.error)
  const secrets = findSecrets(agent.secrets, vars)
  if (!secrets.ok) return couldNotStart(secrets.error)
  const made = makePlaces(turn)
  if (!made.ok) return couldNotStart(made.error)
  const log = new OutputLog(outputLog(turn), MAX_LOG_BYTES)
  const redaction = new Redaction(Object.values(secrets.value), (bytes) => log.push(bytes))
  const sign = atMostEvery(ACTIVITY_MS, () => events({ kind: 'activity' }))
  const end = await runInPlace(
    agent.sandbox === 'on' ? ground : { ...ground, launch: plainly },
    turn,
    {
      ...resolved.value,
      env: (mark) => agentEnvironment(turn, { vars, gatePath, command, secrets: secrets.value, mark }),
      writable: [turn.scratch, ...agent.writable],
      network: agent.network,
      inside: 'codex',
    },
    {
      onOutput: (bytes) => {
        redaction.push(bytes)
        sign()
      },
    },
    events,
    order,
  )
  redaction.flush()
  log.close()
  const tokens = readTokens(resultFile(turn))
  if (tokens !== null) events({ kind: 'usage', tokens })
  if (end.kind === 'no-mark') return didNotBegin("the agent's program", redaction.text(end.said))
  return end.kind === 'exit' ? outcomeOfExit(end.exit, turn) : end
}

function outcomeOfExit<A>({ code, signal }: Exit, turn: Turn<A>): Outcome<A> {
  if (code === PASSING_CODE) return passingOutcome(resultFile(turn))
  if (code !== 0) return { kind: 'crashed', code, signal }
  const answer = readAnswer(resultFile(turn), withoutTokens(turn.form))
  if (!answer.ok) return { kind: 'unreadable', why: answer.error.message }
  const said = answer.value ?? turn.form.unsaid
  return said === null ? { kind: 'unreadable', why: 'it left no answer' } : { kind: 'finished', answer: said }
}

/** Without a sandbox, as the person chose. */
const plainly: AgentLauncher = ({ argv, env }) => ok({ argv, env, sandboxed: false })

/** As what gates are made of, so that an agent is looked up and surrounded as they are. */
function asCommand(agent: CommandAgent, turn: TurnBase): Command {
  return {
    name: 'agent',
    argv: filledArgv(agent.argv, turn),
    cwd: '.',
    timeoutSeconds: 0,
    env: agent.env,
    tty: false,
    parallel: false,
    network: agent.network,
    writable: agent.writable,
    pins: [],
    evidence: false,
  }
}

function atMostEvery(ms: number, tell: () => void): () => void {
  let last = -Infinity
  return () => {
    const now = performance.now()
    if (now - last < ms) return
    last = now
    tell()
  }
}
