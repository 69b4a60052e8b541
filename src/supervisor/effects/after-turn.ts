import type { Outcome } from '../../agents/agent.ts'
import { type Suspension, endSuspension } from '../../records/suspensions.ts'
import { quotaUntil, serviceUntil } from '../decide/suspend.ts'
import type { NewBatchEvent } from '../record/events.ts'
import { agentState } from '../record/fold-agents.ts'
import type { AttemptState } from '../record/state.ts'
import type { World } from '../world.ts'
import { afterFailure } from './after-failure.ts'
import { providerOf } from './providers.ts'
import { suspendProgram } from './suspend-program.ts'

/** What the end of a turn says of the program behind it, for this batch and for every other one on this machine: who waits, and until when. */
export function afterTurn(
  world: World,
  attempt: Pick<AttemptState, 'fence' | 'agent'>,
  outcome: Outcome<unknown>,
): readonly NewBatchEvent[] {
  const { context, settings, ledger } = world
  const { fence, agent } = attempt
  const { home } = context.env
  const now = context.clock()
  const known = settings.agents[agent]
  if (known === undefined) return []
  const provider = providerOf(agent, known, context)
  switch (outcome.kind) {
    case 'finished':
      endSuspension(home, provider, now)
      return []
    case 'quota':
      return [shared((probes) => quotaUntil(outcome.resetsAt, probes, now), 'quota')]
    case 'overloaded':
    case 'network':
    case 'in-use': {
      const times = agentState(ledger.state(), agent).passing + 1
      const { until, isShared } = serviceUntil(times, settings.backoff, now, Math.random())
      if (isShared && outcome.kind !== 'in-use') return [shared(() => until, outcome.kind)]
      return [{ type: 'backed-off', data: { until, why: outcome.kind, fence, agent } }]
    }
    case 'signed-out':
    case 'model-unknown':
    case 'context-full':
    case 'budget':
    case 'refused':
    case 'rejected':
    case 'crashed':
    case 'silent':
    case 'too-long':
    case 'unreadable':
    case 'stopped':
    case 'could-not-start':
      return []
    default:
      return outcome satisfies never
  }

  /** It is on the disk before the turn has ended on record: nobody asks in between. */
  function shared(until: (probes: number) => number, why: Suspension['why']): NewBatchEvent {
    const saved = suspendProgram(home, provider, why, until, now)
    if (!saved.ok) return afterFailure(saved.error, undefined, ledger.state(), settings.backoff, now)
    return { type: 'backed-off', data: { until: saved.value.until, why, fence, agent, shared: true } }
  }
}
