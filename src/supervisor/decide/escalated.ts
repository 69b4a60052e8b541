import type { SupervisorSettings } from '../../contract/supervisor/settings.ts'
import type { ItemState } from '../record/state.ts'

/** The effort that the next attempt at an item begins with; nothing where its agent keeps its own. A person's `retry` begins anew. Pure. */
export function escalated(
  { escalate }: Pick<SupervisorSettings, 'escalate'>,
  { counted }: Pick<ItemState, 'counted'>,
): { readonly effort?: string } {
  return escalate === null || counted < escalate.afterFailures ? {} : { effort: escalate.effort }
}
