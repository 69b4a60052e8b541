import type { Entry, Group } from './entry.ts'

/** All commands, by name and by section. */
export interface Table {
  readonly entries: readonly Entry[]
  readonly groups: readonly Group[]
  /** The entry whose whole name stands at the beginning; undefined when there is none. */
  readonly findEntry: (words: readonly string[]) => Entry | undefined
  /** The group that a word names. */
  readonly findGroup: (word: string | undefined) => Group | undefined
  /** What may stand behind a group's name, the spellings that are short elsewhere included. */
  readonly actionsOf: (group: string) => readonly Entry[]
}

export function tableOf(entries: readonly Entry[], groups: readonly Group[]): Table {
  return {
    entries,
    groups,
    findEntry: (words) =>
      entries.find(({ name }) => name.split(' ').every((word, index) => words[index] === word)),
    findGroup: (word) => groups.find(({ name }) => name === word),
    actionsOf: (group) =>
      entries.filter(({ name, hidden }) => name.startsWith(`${group} `) && hidden !== true),
  }
}
