import { expect, test } from '@jest/globals'
import { addEvent } from '../../../src/supervisor/record/fold.ts'
import type { BatchEvent, NewBatchEvent } from '../../../src/supervisor/record/events.ts'
import type { BatchState } from '../../../src/supervisor/record/state.ts'
import { type BatchLogs, planLogs } from '../../../src/supervisor/orders/plan-logs.ts'
import { openedWith } from '../opened.ts'

/* Which logs of batches can be done without. */

const DAY = 24 * 3_600_000
const landed: NewBatchEvent = { type: 'landed', data: { commit: 'moved', target: 'main' } }
const completed: NewBatchEvent = { type: 'rested', data: { state: 'completed' } }
const taken: NewBatchEvent = {
  type: 'taken',
  data: { commit: 'moved', from: 'base', theirs: 'moved', branch: null, layers: [] },
}

/** A batch with 60 bytes of logs whose last event was so many days ago. */
function batch(dir: string, days: number, ...events: readonly NewBatchEvent[]): BatchLogs {
  const first: NewBatchEvent = { type: 'batch-opened', data: openedWith([]) }
  const state = [first, ...events].reduce<BatchState | null>(
    (was, event, seq) => addEvent(was, { ...event, seq, at: (100 - days) * DAY } as BatchEvent),
    null,
  )
  return {
    batch: { dir, ledger: '' },
    state: state!,
    files: [{ path: '001-1/turn-1/turn-1.log', bytes: 60 }],
  }
}

const planned = (all: readonly BatchLogs[], most?: number): readonly string[] =>
  planLogs(all, 70 * DAY, most).flatMap((one) => (one.what === 'logs' ? [one.batch.dir] : []))

test.each([
  ['it is completed and landed, and old', [taken, completed, landed], 31, true],
  ['it is not old yet', [taken, completed, landed], 29, false],
  ['it did nothing, and is over', [completed], 31, true],
  ['it was not landed', [taken, completed], 31, false],
  [
    'something else was landed',
    [taken, completed, { ...landed, data: { commit: 'other', target: 'main' } }],
    31,
    false,
  ],
  ['it is open', [taken, landed], 31, false],
  ['it is parked', [taken, landed, { type: 'rested', data: { state: 'parked', code: 'items' } }], 31, false],
] as readonly (readonly [string, readonly NewBatchEvent[], number, boolean])[])(
  '%s',
  (_, events, days, goes) => {
    expect(planned([batch('one', days, ...events)])).toEqual(goes ? ['one'] : [])
  },
)

test('of too much the oldest goes, as long as it is over and landed', () => {
  const done = [taken, completed, landed]
  const all = [
    batch('new', 1, ...done),
    batch('open', 20, taken),
    batch('older', 3, ...done),
    batch('oldest', 5, ...done),
  ]
  expect(planned(all, 240)).toEqual([])
  expect(planned(all, 200)).toEqual(['oldest'])
  expect(planned(all, 130)).toEqual(['oldest', 'older'])
  expect(planned(all, 0)).toEqual(['oldest', 'older', 'new'])
})
