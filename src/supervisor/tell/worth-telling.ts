import type { SupervisorSettings } from '../../contract/supervisor/settings.ts'
import type { BatchEvent, Rest } from '../record/events.ts'
import type { BatchState } from '../record/state.ts'

/**
 * Whether `notify` tells of an event: how a batch came to rest, and the first time that it waits for a quota. Not of what a person did
 * a moment ago, nor once nobody approves the config that names the command. Told of every event once, in their order.
 */
export class WorthTelling {
  private readonly waitsForQuota: boolean
  /** Agents whose quota was told of, and that have not worked since. */
  private readonly waiting = new Set<string>()

  constructor({ onQuota }: Pick<SupervisorSettings, 'onQuota'>) {
    this.waitsForQuota = onQuota === 'wait'
  }

  isTold(event: BatchEvent, state: BatchState): boolean {
    if (event.type === 'rested') return isTold(event.data)
    if (event.type === 'turn-ended') {
      const agent = state.attempts.get(event.data.fence)?.agent
      if (agent !== undefined && event.data.outcome.kind !== 'quota') this.waiting.delete(agent)
    }
    if (event.type !== 'backed-off') return false
    const { why, agent } = event.data
    if (!this.waitsForQuota || why !== 'quota' || agent === undefined || this.waiting.has(agent)) return false
    this.waiting.add(agent)
    return true
  }
}

function isTold(rest: Rest): boolean {
  return !(rest.state === 'paused' && ['stopped', 'signal', 'approval-withdrawn'].includes(rest.code))
}
