import { randomBytes, randomUUID } from 'node:crypto'
import { type Failure, never } from '../../base/result.ts'
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
import { geminiArgv } from './argv.ts'
import { chatOf } from './chat-file.ts'
import { geminiEnvironment, secretsIn } from './environment.ts'
import { errorReport, removeReports } from './error-report.ts'
import { GeminiTurn } from './gemini-turn.ts'
import { makeHome, startOf } from './home.ts'
import { inputFile, writeInput } from './input.ts'
import { didNotBegin, geminiOutcome } from './outcome.ts'
import type { GeminiAgent } from './settings.ts'
import { instructionFiles } from './instruction-files.ts'

const MAX_LOG_BYTES = 16 << 20
/** Its code for what it was given and does not take: a conversation that it does not know among others. */
const INPUT_CODE = 42

/** The real Gemini CLI, in our sandbox: it has none of its own, and TERM leaves running what its model started. */
export function geminiAgent(agent: GeminiAgent, ground: AgentGround): Agent {
  return asAgent((turn, events, order) => runTurn(agent, ground, turn, events, order))
}

async function runTurn<A>(
  agent: GeminiAgent,
  ground: AgentGround,
  turn: Turn<A>,
  events: (event: AgentEvent) => void,
  order: StopOrder,
): Promise<Outcome<A>> {
  for (const made of [makePlaces(turn), makeHome(agent, turn, ground.vars), writeInput(turn)])
    if (!made.ok) return couldNotStart(made.error)
  const { conversation } = turn
  if (conversation !== null && chatOf(turn, conversation) !== null) {
    const outcome = await converse(agent, ground, turn, events, order, conversation)
    if (outcome !== 'unknown') return outcome
  }
  const outcome = await converse(agent, ground, turn, events, order, null)
  return outcome === 'unknown' ? didNotBegin(wordsOfErrors(turn)) : outcome
}

/** `unknown`: it does not take what it was given, before it has any conversation. `known`: the one it goes on with. */
async function converse<A>(
  agent: GeminiAgent,
  { launch, gatePath, vars, mark }: AgentGround,
  turn: Turn<A>,
  events: (event: AgentEvent) => void,
  order: StopOrder,
  known: string | null,
): Promise<Outcome<A> | 'unknown'> {
  const nonce = `${gateOwner(process.pid)}${randomBytes(8).toString('hex')}`
  const own = `${mark}:${nonce}`
  const id = known ?? randomUUID()
  const cwd = startOf(turn)
  const argv = withInput(
    { ...turn, promptFile: inputFile(turn) },
    geminiArgv(agent, turn, id, known !== null),
  )
  const launched = launch({
    argv: starterArgv({ nonce, path: gatePath, cwd, argv }),
    env: geminiEnvironment(turn, { vars, gatePath, mark: own }),
    root: writtenRoot(turn),
    writable: [turn.scratch],
    hidden: turn.role === 'work' ? [] : [turn.workspace, ...(turn.readable ?? [])].flatMap(instructionFiles),
    network: 'full',
    inside: 'codex',
  })
  if (!launched.ok) return couldNotStart(launched.error)
  removeReports(turn)
  const log = new OutputLog(outputLog(turn), MAX_LOG_BYTES)
  const redaction = new Redaction(secretsIn(vars), (bytes) => log.push(bytes))
  const seen = new GeminiTurn(turn, id, known !== null, events)
  const end = await runProgram(
    {
      launch: launched.value,
      nonce,
      mark: own,
      cwd,
      privateDir: turn.dir,
      limits: turn.limits,
      onStart: (process) => events({ kind: 'started', process, sandbox: launched.value.box?.rung ?? 'off' }),
      onOutput: (bytes) => {
        redaction.push(bytes)
        seen.push(bytes)
      },
      isBusy: () => seen.isBusy(),
    },
    order,
  )
  redaction.flush()
  log.close()
  keepErrors(turn, (text) => redaction.text(text))
  seen.end()
  switch (end.kind) {
    case 'exit':
      if (end.exit.code === INPUT_CODE && !seen.hasBegun) return 'unknown'
      return geminiOutcome(
        {
          ...end.exit,
          hasBegun: seen.hasBegun,
          result: seen.result,
          message: seen.message,
          hasErred: seen.hasErred,
          report: errorReport(turn),
          errors: redaction.text(seen.error === '' ? wordsOfErrors(turn) : seen.error),
        },
        turn.form,
      )
    case 'not-started':
      return couldNotStart(end.why)
    case 'no-mark':
      return didNotBegin(end.said)
    case 'silent':
    case 'too-long':
    case 'stopped':
      return { kind: end.kind }
    default:
      return never(end, 'end')
  }
}

const couldNotStart = (why: Failure): Outcome<never> => ({ kind: 'could-not-start', why })
