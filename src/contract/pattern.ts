import vm from 'node:vm'
import { type Result, fail, ok } from '../base/result.ts'

/** Longest pattern accepted, in UTF-16 units: bounds what the engine does before its first interrupt check. */
export const MAX_PATTERN_LENGTH = 1000

/** Milliseconds one match may take. Honest patterns need a few; a backtracking bomb needs years. */
export const MATCH_TIMEOUT_MS = 1000

/** `^` and `$` mean lines, as people expect of a pattern for a file. */
const FLAGS = 'm'

/** What is wrong with a pattern (JavaScript regular expression syntax, flag m), in words; null when it can be used. */
export function patternProblem(pattern: string): string | null {
  if (pattern === '') return 'an empty pattern matches every file'
  if (pattern.length > MAX_PATTERN_LENGTH)
    return `${pattern.length} characters; at most ${MAX_PATTERN_LENGTH} are accepted`
  try {
    void new RegExp(pattern, FLAGS)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/**
 * Whether the pattern matches anywhere in the text. Patterns come from the agent and may backtrack for ever, so the
 * match runs as a vm script: V8 checks for its timeout inside the backtracking loop. Failures: `pattern-invalid`,
 * `pattern-timeout` (longer than timeoutMs), `pattern-too-complex` (the engine's own limits).
 */
export function matchPattern(
  pattern: string,
  text: string,
  timeoutMs: number = MATCH_TIMEOUT_MS,
): Result<boolean> {
  const problem = patternProblem(pattern)
  if (problem !== null) return fail('pattern-invalid', `pattern ${JSON.stringify(pattern)}: ${problem}`)
  try {
    // Only strings go in and a boolean comes out: nothing of the agent's is ever run as code.
    const script = 'new RegExp(pattern, flags).test(text)'
    const matched: unknown = vm.runInNewContext(
      script,
      { pattern, flags: FLAGS, text },
      { timeout: timeoutMs },
    )
    return ok(matched === true)
  } catch (error) {
    // Errors of the other context are not instances of ours: look at their fields.
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return fail(
        'pattern-timeout',
        `pattern ${JSON.stringify(pattern)} was not decided within ${timeoutMs} ms: it backtracks too much`,
        { fix: 'use a pattern without nested repetition, such as ^## Usage$' },
      )
    return fail(
      'pattern-too-complex',
      `pattern ${JSON.stringify(pattern)} is too complex for this file: ${(error as Error).message}`,
      { fix: 'use a shorter, more literal pattern' },
    )
  }
}
