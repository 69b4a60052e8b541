import type { GoalState } from '../record/goal-state.ts'
import type { NewBatchEvent } from '../record/events.ts'
import type { AttemptState } from '../record/state.ts'
import type { World } from '../world.ts'

/** The end of an iteration that left everything as it was: the next one waits, longer each time. */
export function unchanged(
  { settings, context }: Pick<World, 'settings' | 'context'>,
  { item, fence }: AttemptState,
  { idle }: GoalState,
): NewBatchEvent {
  const { baseSeconds, maxSeconds } = settings.backoff
  const until = context.clock() + Math.min(baseSeconds * 2 ** idle, maxSeconds) * 1000
  return { type: 'attempt-ending', data: { item, fence, failure: { kind: 'no-change', until } } }
}
