import * as fc from 'fast-check'
import { expect } from '@jest/globals'

/** `npm run test:long` sets this; CI runs the short form. */
export const long = process.env['AUTOLOOP_LONG'] === '1'

/** Figures of the long form, one JSON line each, for docs/measured.md. */
export function figure(name: string, values: Readonly<Record<string, unknown>>): void {
  if (long) process.stderr.write(`FIGURE ${JSON.stringify({ name, ...values })}\n`)
}

/** All rows of a table in the long form; else every `nth` of them, from the row `first` on. */
export const sampleOf = <T>(rows: readonly T[], nth: number, first = 0): readonly T[] =>
  long ? rows : rows.filter((_, at) => at % nth === first)

/**
 * Where chance begins, and nothing else in the tests may decide that: CI plays the same cases every time, so that red means
 * a change, and the long form takes new ones. `AUTOLOOP_SEED` repeats what a long form found.
 */
export function seedFor(fixed: number): number {
  return Number(process.env['AUTOLOOP_SEED'] ?? (long ? 1 + (Date.now() % (2 ** 31 - 2)) : fixed))
}

/** How many cases, or how many of each form. */
type Cases<T> =
  | number
  | {
      readonly short: number
      /** Ten times as many unless it says otherwise. */
      readonly long?: number
      /** Counterexamples that were found once: they are checked first, in every form, whatever the generator has become. */
      readonly found?: readonly T[]
    }

const seed = seedFor(20_169)

/** Checks a property on its share of the cases; what it throws holds seed, path and counterexample. */
export function holds<T>(cases: Cases<T>, property: fc.IPropertyWithHooks<T>): void
export function holds<T>(cases: Cases<T>, property: fc.IAsyncPropertyWithHooks<T>): Promise<void>
export function holds<T>(
  cases: Cases<T>,
  property: fc.IPropertyWithHooks<T> | fc.IAsyncPropertyWithHooks<T>,
): void | Promise<void> {
  const { short, long: many = 10 * short, found = [] } = typeof cases === 'number' ? { short: cases } : cases
  const numRuns = long ? many : short
  const name = expect.getState().currentTestName ?? ''
  figure(`property: ${name}`, { cases: numRuns, seed })
  // What is asynchronous takes its time, and shrinking would run into the time limit of the test, which then says nothing.
  const endOnFailure = property.isAsync() && !long
  return fc.assert(property as fc.IProperty<T>, { numRuns, seed, endOnFailure, examples: [...found] })
}
