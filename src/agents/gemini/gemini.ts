import { randomUUID } from 'node:crypto'
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
import { geminiArgv } from './argv.ts'
import { chatOf } from './chat-file.ts'
import { geminiEnvironment, secretsIn } from './environment.ts'
import { errorReport, removeReports } from './error-report.ts'
import { GeminiTurn } from './gemini-turn.ts'
import { makeHome, startOf } from './home.ts'
import { inputFile, writeInput } from './input.ts'
import { NAME, geminiOutcome } from './outcome.ts'
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
  if (outcome !== 'unknown') return outcome
  const redaction = new Redaction(secretsIn(ground.vars), () => {})
  return didNotBegin(NAME, redaction.text(wordsOfErrors(turn)))
}

/** `unknown`: it does not take what it was given, before it has any conversation. `known`: the one it goes on with. */
async function converse<A>(
  agent: GeminiAgent,
  ground: AgentGround,
  turn: Turn<A>,
  events: (event: AgentEvent) => void,
  order: StopOrder,
  known: string | null,
): Promise<Outcome<A> | 'unknown'> {
  const { gatePath, vars } = ground
  const id = known ?? randomUUID()
  removeReports(turn)
  const log = new OutputLog(outputLog(turn), MAX_LOG_BYTES)
  const redaction = new Redaction(secretsIn(vars), (bytes) => log.push(bytes))
  const seen = new GeminiTurn(turn, id, known !== null, events)
  const end = await runInPlace(
    ground,
    turn,
    {
      cwd: startOf(turn),
      argv: withInput({ ...turn, promptFile: inputFile(turn) }, geminiArgv(agent, turn, id, known !== null)),
      env: (mark) => geminiEnvironment(turn, { vars, gatePath, mark }),
      writable: [turn.scratch],
      hidden:
        turn.role === 'work' ? [] : [turn.workspace, ...(turn.readable ?? [])].flatMap(instructionFiles),
      network: 'full',
      inside: 'codex',
    },
    {
      onOutput: (bytes) => {
        redaction.push(bytes)
        seen.push(bytes)
      },
      isBusy: () => seen.isBusy(),
    },
    events,
    order,
  )
  redaction.flush()
  log.close()
  seen.end()
  if (end.kind === 'could-not-start') return end
  keepErrors(turn, (text) => redaction.text(text))
  if (end.kind === 'no-mark') return didNotBegin(NAME, redaction.text(end.said))
  if (end.kind !== 'exit') return end
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
}
