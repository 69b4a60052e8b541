import path from 'node:path'
import { workspaceOf } from '../../codex/find-codex.ts'
import { findTranscripts } from '../../codex/transcript/find.ts'
import { OutputLog } from '../../gates/output.ts'
import type { Agent, AgentEvent, Outcome, Turn } from '../agent.ts'
import type { AgentGround } from '../launch.ts'
import { makePlaces, outputLog } from '../places.ts'
import { couldNotStart, didNotBegin } from '../could-not-start.ts'
import { runInPlace } from '../run-in-place.ts'
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
  return outcome === 'unknown' ? didNotBegin('Codex', wordsOfErrors(turn)) : outcome
}

/** `unknown`: it ended before it had any conversation. */
async function converse<A>(
  agent: CodexAgent,
  ground: AgentGround,
  turn: Turn<A>,
  events: (event: AgentEvent) => void,
  order: StopOrder,
  id: string | null,
): Promise<Outcome<A> | 'unknown'> {
  const { gatePath, vars } = ground
  const worktree = workspaceOf(turn.workspace) ?? turn.workspace
  // The starter takes away Codex's variables, so its home is named once more.
  const home = ['/usr/bin/env', `CODEX_HOME=${agent.codexHome}`]
  const log = new OutputLog(outputLog(turn), MAX_LOG_BYTES)
  const seen = new CodexTurn(agent.codexHome, id, id === null ? 0 : turn.spent, events)
  const end = await runInPlace(
    ground,
    turn,
    {
      cwd: turn.workspace,
      argv: withInput(turn, [...home, ...codexArgv(agent, turn, worktree, id)]),
      env: (mark) => codexEnvironment(turn, { vars, gatePath, mark }),
      writable: [turn.scratch, agent.codexHome],
      network: 'full',
      inside: { readOnly: ['config.toml', 'hooks.json'].map((name) => path.join(agent.codexHome, name)) },
      // Codex has no orderly end, and what it runs would be ended before it: it would go on with that meanwhile.
      graceMs: 0,
    },
    {
      onOutput: (bytes) => {
        log.push(bytes)
        seen.push(bytes)
      },
      isBusy: () => seen.isBusy(),
    },
    events,
    order,
  )
  log.close()
  const facts = seen.end()
  if (end.kind === 'could-not-start') return end
  keepErrors(turn)
  if (end.kind === 'no-mark') return didNotBegin('Codex', end.said)
  if (end.kind !== 'exit') return end
  if (!seen.hasBegun && hasRefused(end.exit.code))
    return id !== null && isOpenElsewhere(agent.codexHome, id) ? { kind: 'in-use' } : 'unknown'
  return codexOutcome(
    { ...end.exit, turn: seen.turn, hasRetried: seen.errors > 1, message: seen.message, facts },
    turn.form,
  )
}

/** It left by itself: above these are the signals of others, as the box tells them. */
const hasRefused = (code: number | null): boolean => code !== null && code > 0 && code < 128
