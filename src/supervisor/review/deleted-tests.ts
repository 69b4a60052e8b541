import { isTestFile } from '../../workspace/test-files.ts'
import type { Finding } from '../record/events.ts'

/**
 * Tests that a change takes away, which nobody need be asked about. An item whose scope names one to the letter is about it.
 * Paths from the top; `scope` is relative to `prefix`. Pure.
 */
export function deletedTests(
  removed: readonly string[],
  scope: readonly string[],
  prefix: string,
): readonly Finding[] {
  const named = new Set(scope.map((one) => prefix + one))
  return removed
    .filter((path) => isTestFile(path) && !named.has(path))
    .map((path) => ({ kind: 'deleted-test', path }))
}
