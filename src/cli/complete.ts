import { shells } from './render/completion.ts'
import type { CliCommand, Flag } from './command.ts'
import type { Table } from './table.ts'
import { allCodes } from './codes/codes.ts'
import type { Entry } from './entry.ts'
import { outputFlags } from './output.ts'

/** One thing that may be typed next. */
export interface Candidate {
  readonly word: string
  readonly about: string
}
/** What may be typed next; `paths` are the shell's own business. */
export interface Completion {
  readonly candidates: readonly Candidate[]
  readonly paths: 'none' | 'files' | 'directories'
}

/** What only this machine and this repository know. */
export interface Known {
  readonly table: Table
  readonly ids: (entry: Entry, begun: string) => readonly Candidate[]
  readonly items: () => readonly Candidate[]
  readonly contracts: () => readonly string[]
  readonly profiles: () => readonly string[]
  readonly hookEvents: readonly string[]
}

/** `words` are those behind the program's name, the last one as far as it is typed. */
export async function complete(words: readonly string[], known: Known): Promise<Completion> {
  const current = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  if (before.includes('--')) return { candidates: [], paths: 'files' }
  const { candidates, paths } = await everything(before, current, known)
  return { candidates: candidates.filter(({ word }) => word.startsWith(current)), paths }
}

async function everything(before: readonly string[], current: string, known: Known): Promise<Completion> {
  const named = before.filter((word) => !outputFlags.includes(word))
  const [first] = named
  if (first === undefined)
    return only(
      current.startsWith('-') ? aboutFlags(['help', 'version', 'json', 'text']) : commands(known.table),
    )
  const { actionsOf, findEntry, findGroup } = known.table
  const group = findGroup(first)
  const entry = findEntry(named)
  if (group && !entry)
    return only(
      named.length > 1 ? [] : actionsOf(first).map((one) => aboutEntry(one, one.name.split(' ')[1])),
    )
  if (!entry) return only([])
  const command = await entry.load()
  const typed = named.slice(entry.name.split(' ').length)
  const flag = flagBefore(typed, command)
  if (flag) return values(flag.value ?? '', entry, current, known)
  if (current.startsWith('-'))
    return only([
      ...Object.entries(command.flags)
        .filter(([name, { array }]) => array === true || !typed.includes(`--${name}`))
        .map(([name, { describe }]) => ({ word: `--${name}`, about: describe })),
      ...aboutFlags(['json', 'text', 'help']),
    ])
  const position =
    Object.keys({ ...command.words, ...command.optional })[countWords(typed, command)] ??
    Object.keys(command.many)[0]
  return position === undefined ? only([]) : values(position, entry, current, known)
}

/** By the name of the word, or by what a flag calls its value. */
function values(name: string, entry: Entry, begun: string, known: Known): Completion {
  const plain = (words: readonly string[]): Completion => only(words.map((word) => ({ word, about: '' })))
  switch (name) {
    case 'id':
      return only(known.ids(entry, begun))
    case 'item':
      return only(known.items())
    case 'contract':
      return { ...plain(known.contracts()), paths: 'files' }
    case 'profile':
      return plain(known.profiles())
    case 'file':
      return { candidates: [], paths: 'files' }
    case 'dir':
      return { candidates: [], paths: 'directories' }
    case 'shell':
      return plain(shells)
    case 'event':
      return plain(known.hookEvents)
    case 'topic':
      return only([
        ...commands(known.table),
        ...(begun === '' ? [] : allCodes().map((word) => ({ word, about: 'error code' }))),
      ])
    default:
      return only([])
  }
}

function flagBefore(typed: readonly string[], command: CliCommand): Flag | undefined {
  const last = typed.at(-1)
  return flagsWithValue(command).find(([words]) => words.includes(last ?? ''))?.[1]
}

function flagsWithValue(command: CliCommand): (readonly [words: readonly string[], flag: Flag])[] {
  return Object.entries(command.flags)
    .filter(([, { type, bare }]) => type !== 'boolean' && bare === undefined)
    .map(([name, flag]) => [[name, ...[flag.alias ?? []].flat()].map((one) => `--${one}`), flag])
}

/** How many words without a flag stand there already. */
function countWords(typed: readonly string[], command: CliCommand): number {
  const withValue = flagsWithValue(command).flatMap(([words]) => words)
  return typed.filter((word, at) => !word.startsWith('-') && !withValue.includes(typed[at - 1] ?? '')).length
}

function commands(table: Table): Candidate[] {
  return [
    ...table.entries
      .filter(({ name, hidden }) => hidden !== true && !name.includes(' '))
      .map((one) => aboutEntry(one)),
    ...table.groups.map(({ name, describe }) => ({ word: name, about: describe })),
  ]
}

function aboutEntry(entry: Entry, word = entry.name): Candidate {
  return { word, about: entry.describe }
}

function aboutFlags(names: readonly string[]): Candidate[] {
  return names.map((name) => ({ word: `--${name}`, about: '' }))
}

function only(candidates: readonly Candidate[]): Completion {
  return { candidates, paths: 'none' }
}
