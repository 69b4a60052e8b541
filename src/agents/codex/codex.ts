import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { type Failure, never } from '../../base/result.ts'
import { workspaceOf } from '../../codex/find-codex.ts'
import { findTranscripts } from '../../codex/transcript/find.ts'
import { gateOwner } from '../../gates/environment.ts'
import { OutputLog } from '../../gates/output.ts'
import { starterArgv } from '../../gates/starter.ts'
import type { Agent, AgentEvent, Outcome, Turn } from '../agent.ts'
import type { AgentGround } from '../command.ts'
import { makePlaces, outputLog, writtenRoot } from '../places.ts'
import { runProgram } from '../run-program.ts'
import { keepErrors, withInput, wordsOfErrors } from '../with-input.ts'
import { asAgent } from '../as-agent.ts'
import type { StopOrder } from '../stop-order.ts'
import { codexArgv } from './argv.ts'
import { CodexTurn } from './codex-turn.ts'
import { codexEnvironment } from './environment.ts'
import { codexOutcome } from './outcome.ts'
import type { CodexAgent } from './settings.ts'
import { isOpenElsewhere } from './writer-lock.ts'

const MAX_LOG_BYTES = 16 << 20

/**
 * The real Codex, in the box alone: it makes its own sandbox around what its model runs. Its CODEX_HOME is the person's and is
 * written by Codex (conversations, state, a renewed sign-in); settings and hooks there are not.
 */
export function codexAgent(agent: CodexAgent, ground: AgentGround): Agent {
  return asAgent((turn, events, order) => runTurn(agent, ground, turn, events, order))
}

async function runTurn<A>(
  agent: CodexAgent,
  ground: AgentGround,
  turn: Turn<A>,
  events: (event: AgentEvent) => void,
  order: StopOrder,
): Promise<Outcome<A>> {
  const made = makePlaces(turn)
  if (!made.ok) return couldNotStart(made.error)
  const { conversation } = turn
  const isKnown = conversation !== null && findTranscripts(agent.codexHome, conversation).length > 0
  if (isKnown) {
    const outcome = await converse(agent, ground, turn, events, order, conversation)
    if (outcome !== 'unknown') return outcome
  }
  const outcome = await converse(agent, ground, turn, events, order, null)
  return outcome === 'unknown' ? didNotBegin(wordsOfErrors(turn)) : outcome
}

/** `unknown`: it ended before it had any conversation. */
async function converse<A>(
  agent: CodexAgent,
  { launch, gatePath, vars, mark }: AgentGround,
  turn: Turn<A>,
  events: (event: AgentEvent) => void,
  order: StopOrder,
  id: string | null,
): Promise<Outcome<A> | 'unknown'> {
  const nonce = `${gateOwner(process.pid)}${randomBytes(8).toString('hex')}`
  const own = `${mark}:${nonce}`
  const worktree = workspaceOf(turn.workspace) ?? turn.workspace
  // The starter takes away Codex's variables, so its home is named once more.
  const home = ['/usr/bin/env', `CODEX_HOME=${agent.codexHome}`]
  const argv = withInput(turn, [...home, ...codexArgv(agent, turn, worktree, id)])
  const launched = launch({
    argv: starterArgv({ nonce, path: gatePath, cwd: turn.workspace, argv }),
    env: codexEnvironment(turn, { vars, gatePath, mark: own }),
    root: writtenRoot(turn),
    writable: [turn.scratch, agent.codexHome],
    network: 'full',
    inside: { readOnly: ['config.toml', 'hooks.json'].map((name) => path.join(agent.codexHome, name)) },
  })
  if (!launched.ok) return couldNotStart(launched.error)
  const log = new OutputLog(outputLog(turn), MAX_LOG_BYTES)
  const seen = new CodexTurn(agent.codexHome, id, id === null ? 0 : turn.spent, events)
  const end = await runProgram(
    {
      launch: launched.value,
      nonce,
      mark: own,
      cwd: turn.workspace,
      privateDir: turn.dir,
      // Codex has no orderly end, and what it runs would be ended before it: it would go on with that meanwhile.
      limits: { ...turn.limits, graceMs: 0 },
      onStart: (process) => events({ kind: 'started', process, sandbox: launched.value.box?.rung ?? 'off' }),
      onOutput: (bytes) => {
        log.push(bytes)
        seen.push(bytes)
      },
      isBusy: () => seen.isBusy(),
    },
    order,
  )
  log.close()
  keepErrors(turn)
  const facts = seen.end()
  switch (end.kind) {
    case 'exit':
      if (!seen.hasBegun && hasRefused(end.exit.code))
        return id !== null && isOpenElsewhere(agent.codexHome, id) ? { kind: 'in-use' } : 'unknown'
      return codexOutcome(
        { ...end.exit, turn: seen.turn, hasRetried: seen.errors > 1, message: seen.message, facts },
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

/** It left by itself: above these are the signals of others, as the box tells them. */
const hasRefused = (code: number | null): boolean => code !== null && code > 0 && code < 128

const MOST_WORDS = 1500

const didNotBegin = (said: string): Outcome<never> =>
  couldNotStart({
    code: 'agent-not-started',
    message: `Codex did not begin: ${said.trim().slice(0, MOST_WORDS)}`,
    fix: 'autonomous-loop doctor',
  })

const couldNotStart = (why: Failure): Outcome<never> => ({ kind: 'could-not-start', why })
