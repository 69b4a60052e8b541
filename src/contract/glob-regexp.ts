import parse from 'picomatch/lib/parse.js'

/** As picomatch's own types leave them out. */
const OPTIONS: object = { dot: true, nonegate: true, strictSlashes: true }

/**
 * The regular expression of a pattern (read-glob.ts), for whole paths. Null where picomatch makes none of it: for some input
 * it throws, for some its text is not a regular expression.
 */
export function globRegExp(pattern: string): RegExp | null {
  try {
    // Names may hold line ends: `s` lets `**` see them.
    return new RegExp(`^(?:${parse(pattern, OPTIONS).output})$`, 's')
  } catch {
    return null
  }
}
