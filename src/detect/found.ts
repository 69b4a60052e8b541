import { oneLine } from '../base/text.ts'
import type { DetectedCommand } from './detection.ts'

/** Seconds. A cold build of a compiled language downloads nothing, but it takes its time. */
export const TIMEOUT = { check: 300, test: 900, build: 1800 } as const

type Required = Pick<DetectedCommand, 'name' | 'argv' | 'file' | 'evidence' | 'reason'>

const TESTS = /(?:^|[:_-])(?:tests?|verify)(?:$|[:_-])/

/** A detected command with everything that is the same for most. */
export function found(given: Required & Partial<DetectedCommand>): DetectedCommand {
  return {
    cwd: '.',
    fast: false,
    tests: TESTS.test(given.name),
    timeoutSeconds: given.fast === true ? TIMEOUT.check : TIMEOUT.test,
    env: {},
    writable: [],
    pins: [],
    keeps: [],
    network: null,
    does: [],
    runs: [],
    enters: [],
    ...given,
  }
}

/** A text of a file as evidence. */
export function quoted(text: string): string {
  return oneLine(text, 100)
}

/** Names of the tables of a TOML file, or of the sections of an INI file, without quotes. */
export function tables(text: string | null): string[] {
  return [...(text ?? '').matchAll(/^[ \t]*\[{1,2}([^\]\n]+)\]{1,2}/gm)].map((match) =>
    (match[1] as string).replaceAll(/["'\s]/g, ''),
  )
}

/** The table or section that is this one or below it; undefined when there is none. */
export function tableNamed(text: string | null, name: string): string | undefined {
  return tables(text).find((one) => one === name || one.startsWith(`${name}.`))
}
