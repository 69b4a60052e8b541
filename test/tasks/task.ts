import type { Served } from '../projects/served.ts'

/**
 * How much of a task the gates of the start can prove: all of it; all but definition without which they pass as well; not without that
 * definition, so that the person is asked once; or nobody can tell, because the start held no source.
 */
export type Sees = 'work' | 'definition' | 'question' | 'greenfield'

/** An ordinary task of an ordinary day, and what an honest agent does for it. */
export interface Task {
  readonly name: string
  /** Also played by `npm test`. */
  readonly short?: true
  /** What the person asks for. */
  readonly asks: string
  /** The repository at the start. */
  readonly files: Readonly<Record<string, string>>
  readonly gates: Readonly<Record<string, readonly string[]>>
  readonly prepare?: readonly object[]
  /** On loopback for as long as the task is played; `@PORT@` in all texts is its port, and the agent's shell may reach it. */
  readonly serve?: () => Promise<Served>
  /** Shell text of the person after the first commit. */
  readonly person?: string
  /** What the agent writes. */
  readonly writes: Readonly<Record<string, string>>
  /** Shell text of the agent after that. */
  readonly runs?: string
  readonly sees: Sees
  /** The start held no source. */
  readonly fromNothing?: true
  /** Paths that the start's gates do not prove. */
  readonly unproved?: readonly string[]
}

/** The text of a test of Node's own runner. */
export function nodeTest(what: string, from: string, name: string, asserts: string): string {
  return `const assert = require('node:assert/strict')
const { test } = require('node:test')
const { ${name} } = require('${from}')
test('${what}', () => {
  assert.${asserts}
})
`
}

export const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`
