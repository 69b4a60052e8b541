import type { PersonHooks } from '../../contract/supervisor/settings.ts'
import type { BatchEvent } from '../record/events.ts'
import type { BatchState } from '../record/state.ts'

/** Something that a person may have a hook for. */
export interface Happening {
  readonly hook: keyof PersonHooks
  /** Number of its event: the same one never happens twice. */
  readonly seq: number
  /** Null: the whole batch. */
  readonly item: string | null
  readonly attempt: number | null
  readonly fence: number | null
  /** What a hook is told besides which batch and item it is about. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** In the order in which hooks are run. `before`: null where the event opens the batch. Pure. */
export function happeningsOf(
  event: BatchEvent,
  before: BatchState | null,
  after: BatchState,
): readonly Happening[] {
  const { seq } = event
  if (event.type === 'attempt-opened') {
    const { item, attempt, fence, agent, base } = event.data
    return [{ hook: 'attemptStart', seq, item, attempt, fence, facts: { agent, base } }]
  }
  if (event.type === 'attempt-ended') {
    const { item, fence, failure, counted, rescue } = event.data
    const attempt = before?.attempts.get(fence)?.attempt ?? null
    const facts = { outcome: failure?.kind ?? 'done', counted, rescue, head: after.head }
    return [{ hook: 'attemptEnd', seq, item, attempt, fence, facts }, ...parkedNow(event, before, after)]
  }
  if (event.type !== 'rested') return parkedNow(event, before, after)
  const whole = { seq, item: null, attempt: null, fence: null }
  const rest = event.data
  if (rest.state === 'parked') return [{ hook: 'parked', ...whole, facts: { code: rest.code, why: null } }]
  return rest.state === 'completed' ? [{ hook: 'completed', ...whole, facts: { head: after.head } }] : []
}

/** Several kinds of events park the item that they are about. */
function parkedNow(
  { seq, data }: BatchEvent,
  before: BatchState | null,
  after: BatchState,
): readonly Happening[] {
  const item = 'item' in data && typeof data.item === 'string' ? data.item : null
  const standing = item === null ? undefined : after.items.get(item)?.standing
  if (standing?.kind !== 'parked' || before?.items.get(item ?? '')?.standing.kind === 'parked') return []
  const { code, why = null } = standing
  return [{ hook: 'parked', seq, item, attempt: null, fence: null, facts: { code, why } }]
}

/** What stands in variables: ids and states alone, and no text of an agent. Pure. */
export function variablesOf(
  { hook, item, attempt, facts }: Happening,
  batch: string,
): Record<string, string> {
  const state = facts['outcome'] ?? facts['code']
  return {
    AUTOLOOP_EVENT: hook,
    AUTOLOOP_BATCH: batch,
    ...(item === null ? {} : { AUTOLOOP_ITEM: item }),
    ...(attempt === null ? {} : { AUTOLOOP_ITEM_ATTEMPT: `${attempt}` }),
    ...(typeof state === 'string' ? { AUTOLOOP_STATE: state } : {}),
  }
}
