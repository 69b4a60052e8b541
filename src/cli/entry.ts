import type { CliCommand } from './command.ts'

/** Parts of the overview, in the order in which a person needs them. */
export const sections = {
  steer: 'Steer a run',
  start: 'Start a run',
  batch: 'Work through a backlog',
  past: 'Look back',
  setup: 'Set up',
  away: 'Put away',
  more: 'More',
} as const
export type Section = keyof typeof sections

export interface Entry {
  /** What is typed: `status`, or a group and an action as in `request wait`. */
  readonly name: string
  readonly describe: string
  readonly section: Section
  /** Name of the entry that does the same: this one is another spelling, and left out of the overview. */
  readonly same?: string
  /** Started by our own hooks or shells; works for anybody, and is of no use to find one's way. */
  readonly hidden?: true
  readonly load: () => Promise<CliCommand>
}

/** First words that need a second one. */
export interface Group {
  readonly name: string
  readonly describe: string
  readonly section: Section
}

/** One command under several names: the first is the one that help shows. */
export function spellings(
  [first = '', ...others]: readonly string[],
  entry: Pick<Entry, 'describe' | 'section' | 'load'>,
): Entry[] {
  return [{ name: first, ...entry }, ...others.map((name) => ({ name, same: first, ...entry }))]
}
