/** How tools begin the first line that says what is wrong: TAP, jest, pytest, go, cargo, ctest, RSpec, PHPUnit, compilers. */
const SIGN =
  /^\s*(?:not ok\b|FAIL(?:ED|URE)?\b|--- FAIL|[✕✗✖×●]\s|E\s{2,}|\d+\) |thread '.*' panicked|Traceback \(|[\w.]*(?:Error|Exception|Failure)\b:?|(?:.*[:\s])?error(?:\[\w+\])?:|\*\*\*)/
/** A line that only counts what came before. */
const COUNT = /^\s*(?:#|ℹ)/
/** Lines before the sign: what was being tried. */
const before = 1
const gap = '[…]'

/**
 * The lines of an output that say most, in at most `room`: all of it where it fits; else what follows the first sign of a failure, and the
 * end. Many runners end with totals alone, and those tell nobody what to put right.
 */
export function tellingLines(text: string, room: number): string[] {
  const lines = text.trim().split('\n')
  const from = lines.length - room
  if (from <= 0) return lines
  const sign = lines.findIndex((line) => SIGN.test(line) && !COUNT.test(line))
  const start = Math.max(0, sign - before)
  if (sign === -1 || start >= from || room < 3) return lines.slice(-room)
  const last = Math.floor(room / 3)
  const first = room - last - 1
  return [...lines.slice(start, start + first), gap, ...lines.slice(-last)]
}
