import type { CommandRecord } from '../gates/command-record.ts'

/** How a gate went with the tests of the start; null where it did not have to, or failed before with those of the work. */
export function startTestsOf({
  tests,
  startTests,
  outcome,
}: Pick<CommandRecord, 'tests' | 'startTests' | 'outcome'>): CommandRecord['outcome'] | null {
  if (tests === 'start') return outcome
  return startTests ? 'passed' : null
}
