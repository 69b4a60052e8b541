import { expect, test } from '@jest/globals'
import { sha256 } from '../../../src/base/hash.ts'
import { batchProgress } from '../../../src/cli/render/batch-progress.ts'
import { lineOf } from '../../../src/cli/render/progress.ts'
import type { NewBatchEvent } from '../../../src/supervisor/record/events.ts'

test('one line says what runs and since when, and grows old without any event', () => {
  let now = 0
  let tell = (): string => ''
  const line = {
    show: () => undefined,
    tell: (what: () => string) => void (tell = what),
    clear: () => void (tell = () => ''),
  }
  const progress = batchProgress(line, () => now)
  const happens = (event: NewBatchEvent): void =>
    progress.event({ seq: 1, at: now, prev: '', hash: sha256(''), ...event })
  const shown = (): string => lineOf(tell(), 0, 80)

  const opened = { attempt: 1, base: 'b', digest: sha256(''), agent: 'codex' }
  happens({ type: 'attempt-opened', data: { item: '001', fence: 1, ...opened } })
  happens({ type: 'attempt-opened', data: { item: '002', fence: 2, ...opened } })
  happens({ type: 'turn-begun', data: { item: '001', fence: 1, turn: 1 } })
  expect(shown()).toBe('… 001 at work, turn 1; 002 makes its worktree')
  now = 125_000
  expect(shown()).toBe('… 001 at work, turn 1 for 2 min; 002 makes its worktree for 2 min')
  happens({ type: 'candidate', data: { item: '001', fence: 1, commit: 'c', tree: 't', changed: 1 } })
  const gate = { kind: 'gate', name: 'test', nth: 1, of: 2 } as const
  progress.watch.began(gate)
  now += 9000
  expect(shown()).toBe('… running gate test (1 of 2) for 9 s; 001 to be judged for 9 s; 002 makes its …')
  progress.watch.ended(gate)
  happens({
    type: 'attempt-ended',
    data: { item: '001', fence: 1, failure: null, counted: false, rescue: null, setAside: null },
  })
  happens({ type: 'item-parked', data: { item: '002', code: 'attempts' } })
  happens({ type: 'backed-off', data: { until: now + 60_000, why: 'quota', fence: null, agent: 'codex' } })
  expect(shown()).toMatch(/^… codex waits until \d\d:\d\d$/)
  now += 61_000
  expect(shown()).toBe('… looking at the workspace')
  happens({ type: 'rested', data: { state: 'completed' } })
  expect(tell()).toBe('')
})
