import { keep, unkeep } from '../../../src/base/keep.ts'
import type { BatchEvent } from '../../../src/supervisor/record/events.ts'
import { addEvent } from '../../../src/supervisor/record/fold.ts'
import type { BatchState } from '../../../src/supervisor/record/state.ts'

/** Plays are long: one event in so many is a cut. Which one differs from play to play, as their events do. */
const EVERY = 19

/**
 * What a checkpoint that stands for `before` comes to with one more event is what the whole record comes to. The fold is a function, so what
 * follows is the same too.
 */
export function sameFromCheckpoint(before: BatchState, record: BatchEvent, after: BatchState | null): void {
  if (record.seq % EVERY !== 0) return
  const text = keep<BatchState>(before)
  const kept = unkeep(text) as BatchState
  if (keep<BatchState>(kept) !== text) throw new Error('a checkpoint says something else')
  const next = addEvent(kept, record)
  if (next === null || after === null || keep<BatchState>(next) !== keep<BatchState>(after))
    throw new Error(`${record.type} after a checkpoint comes to something else`)
}
