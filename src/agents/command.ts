import { randomBytes } from 'node:crypto'
import { type Failure, type Result, never, ok } from '../base/result.ts'
import type { Network } from '../contract/network.ts'
import type { Command } from '../contract/types.ts'
import { gateOwner } from '../gates/environment.ts'
import { OutputLog } from '../gates/output.ts'
import { resolveCommand } from '../gates/resolve.ts'
import { Redaction, findSecrets } from '../gates/secrets.ts'
import { starterArgv } from '../gates/starter.ts'
import type { Exit } from '../gates/started.ts'
import type { Agent, AgentEvent, Outcome, Turn, TurnBase } from './agent.ts'
import { readAnswer } from './answer-form.ts'
import { passingOutcome } from './passing.ts'
import { readTokens, withoutTokens } from './claimed-tokens.ts'
import { agentEnvironment } from './environment.ts'
import type { AgentLaunch, AgentLauncher } from './launch.ts'
import { makePlaces, outputLog, resultFile, writtenRoot } from './places.ts'
import { filledArgv } from './placeholders.ts'
import { type ProgramEnd, runProgram } from './run-program.ts'
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

/** What every agent of a batch is started with. */
export interface AgentGround {
  readonly launch: AgentLauncher
  /** PATH recorded at approval. */
  readonly gatePath: string
  readonly vars: Readonly<Record<string, string | undefined>>
  /** Of the batch: what carries it in its environment is found by `endLeftovers`. Without a colon. */
  readonly mark: string
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
  { launch, gatePath, vars, mark }: AgentGround,
  turn: Turn<A>,
  events: (event: AgentEvent) => void,
  order: StopOrder,
): Promise<Outcome<A>> {
  const command = asCommand(agent, turn)
  const resolved = resolveCommand(command, turn.workspace, gatePath)
  if (!resolved.ok) return couldNotStart(resolved.error)
  const secrets = findSecrets(agent.secrets, vars)
  if (!secrets.ok) return couldNotStart(secrets.error)
  const made = makePlaces(turn)
  if (!made.ok) return couldNotStart(made.error)
  const nonce = `${gateOwner(process.pid)}${randomBytes(8).toString('hex')}`
  const own = `${mark}:${nonce}`
  const start = {
    argv: starterArgv({ nonce, path: gatePath, ...resolved.value }),
    env: agentEnvironment(turn, { vars, gatePath, command, secrets: secrets.value, mark: own }),
    root: writtenRoot(turn),
    writable: [turn.scratch, ...agent.writable],
    network: agent.network,
    inside: 'codex',
  } as const
  const launched: Result<AgentLaunch> =
    agent.sandbox === 'on' ? launch(start) : ok({ argv: start.argv, env: start.env, sandboxed: false })
  if (!launched.ok) return couldNotStart(launched.error)
  const log = new OutputLog(outputLog(turn), MAX_LOG_BYTES)
  const redaction = new Redaction(Object.values(secrets.value), (bytes) => log.push(bytes))
  const sign = atMostEvery(ACTIVITY_MS, () => events({ kind: 'activity' }))
  const end = await runProgram(
    {
      launch: launched.value,
      nonce,
      mark: own,
      cwd: resolved.value.cwd,
      privateDir: turn.dir,
      limits: turn.limits,
      onStart: (process) => events({ kind: 'started', process, sandbox: launched.value.box?.rung ?? 'off' }),
      onOutput: (bytes) => {
        redaction.push(bytes)
        sign()
      },
    },
    order,
  )
  redaction.flush()
  log.close()
  const tokens = readTokens(resultFile(turn))
  if (tokens !== null) events({ kind: 'usage', tokens })
  return outcomeOf(end, turn, redaction)
}

function outcomeOf<A>(end: ProgramEnd, turn: Turn<A>, redaction: Redaction): Outcome<A> {
  switch (end.kind) {
    case 'exit':
      return outcomeOfExit(end.exit, turn)
    case 'not-started':
      return couldNotStart(end.why)
    case 'no-mark':
      return couldNotStart({
        code: 'agent-not-started',
        message: `the agent's program did not begin: ${redaction.text(end.said).slice(0, 1500)}`,
        fix: 'autonomous-loop doctor',
      })
    case 'silent':
    case 'too-long':
    case 'stopped':
      return { kind: end.kind }
    default:
      return never(end, 'end')
  }
}

function outcomeOfExit<A>({ code, signal }: Exit, turn: Turn<A>): Outcome<A> {
  if (code === PASSING_CODE) return passingOutcome(resultFile(turn))
  if (code !== 0) return { kind: 'crashed', code, signal }
  const answer = readAnswer(resultFile(turn), withoutTokens(turn.form))
  if (!answer.ok) return { kind: 'unreadable', why: answer.error.message }
  const said = answer.value ?? turn.form.unsaid
  return said === null ? { kind: 'unreadable', why: 'it left no answer' } : { kind: 'finished', answer: said }
}

const couldNotStart = (why: Failure): Outcome<never> => ({ kind: 'could-not-start', why })

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
