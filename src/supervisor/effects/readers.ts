import path from 'node:path'
import type { Agent, Role, RunningAgent } from '../../agents/agent.ts'
import type { AnswerForm } from '../../agents/answer-form.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { attemptPaths } from '../batch/paths.ts'
import type { AttemptState } from '../record/state.ts'
import { type ReadEnd, askReader } from '../review/ask-reader.ts'
import type { Seat } from '../review/review-room.ts'
import { batchStep } from '../step.ts'
import type { World } from '../world.ts'

/** Agents at work for one attempt, all of whom end with the batch. */
export interface Readers {
  readonly begun: (running: Pick<RunningAgent, 'stop'>) => void
  readonly ended: (running: Pick<RunningAgent, 'stop'>) => void
}

/** Does it with agents who can be stopped meanwhile. */
export async function withReaders<T>(
  { signals, atWork }: Pick<World, 'signals' | 'atWork'>,
  fence: number,
  work: (readers: Readers) => Promise<T>,
): Promise<T> {
  const running = new Set<Pick<RunningAgent, 'stop'>>()
  const stop: RunningAgent['stop'] = (how) => {
    for (const one of running) one.stop(how)
  }
  const [soft, now] = [() => stop('soft'), () => stop('now')]
  signals.endAgents.addEventListener('abort', soft, { once: true })
  signals.killAgents.addEventListener('abort', now, { once: true })
  atWork.set(fence, { stop })
  try {
    return await work({ begun: (one) => running.add(one), ended: (one) => running.delete(one) })
  } finally {
    signals.endAgents.removeEventListener('abort', soft)
    signals.killAgents.removeEventListener('abort', now)
    atWork.delete(fence)
  }
}

/** All of these agents by their names. Code: agent-missing. */
export function agentsNamed(
  { agents }: Pick<World, 'agents'>,
  names: readonly string[],
): Result<readonly Named[]> {
  const found: Named[] = []
  for (const name of names) {
    const agent = agents.get(name)
    if (agent === undefined) return fail('agent-missing', `the config has no agent "${name}"`)
    found.push({ name, agent })
  }
  return ok(found)
}

export interface Named {
  readonly name: string
  readonly agent: Agent
}

export interface ReaderAsked<A> extends Named {
  readonly role: Exclude<Role, 'work'>
  readonly form: AnswerForm<A>
  readonly seat: Seat
  readonly readable: readonly string[]
  readonly prompt: string
  /** Directory of what it leaves, below that of the attempt. */
  readonly place: string
  readonly round: number
}

/** One question about an attempt. Its start is to be on record already. */
export async function readerAnswer<A>(
  { ledger, batch, settings }: Pick<World, 'ledger' | 'batch' | 'settings'>,
  { item, attempt }: Pick<AttemptState, 'item' | 'attempt'>,
  { name, place, ...asked }: ReaderAsked<A>,
  readers: Readers,
): Promise<ReadEnd<A>> {
  const { silentMinutes, turnMinutes } = settings.limits
  batchStep('spawn')
  let running: Pick<RunningAgent, 'stop'> | undefined
  const end = await askReader({
    ...asked,
    dir: path.join(attemptPaths(batch, item, attempt).dir, place, `${name}-${ledger.state().seq}`),
    item,
    attempt,
    limits: { silentMs: silentMinutes * 60_000, lengthMs: turnMinutes * 60_000, graceMs: 5000 },
    running: (one) => readers.begun((running = one)),
  })
  if (running !== undefined) readers.ended(running)
  batchStep('spawn')
  return end
}
