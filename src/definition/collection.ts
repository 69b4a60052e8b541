import { sha256 } from '../base/hash.ts'
import type { PinId, PinKind } from './pin-id.ts'
import { safeText } from './secrets.ts'
import type { Pin } from './types.ts'
import type { Workspace } from './workspace.ts'

/** One command that may be started: by the controller (`bins: false`) or by a package manager's script (`bins: true`,
 * which means that node_modules/.bin of this directory and its parents come first in PATH). */
export interface Invocation {
  readonly argv: readonly string[]
  /** Relative to the root. */
  readonly dir: string
  readonly bins: boolean
}

/** What collectors work on: they add pins and hand over the commands they find inside scripts, makefiles and the like. */
export interface Collection {
  readonly workspace: Workspace
  /** A whole file, or its absence. */
  file(rel: string): void
  /** Several files of one directory. */
  files(dir: string, names: readonly string[]): void
  /** A value that belongs to a path. */
  pin(kind: 'file' | 'absent' | 'crowd' | 'member', path: string, value: string | null): void
  /** A value of anything else; `file` is what an agent would restore. */
  pin(kind: Exclude<PinKind, 'version'>, of: string, value: string | null, file: string): void
  /** A part of a file given as text; null when it is absent. */
  part(file: string, name: string, text: string | null, kind?: 'part' | 'addable'): void
  /** A directory with everything below it (bounded). */
  tree(rel: string): void
  run(invocation: Invocation): void
  /** Whether a file is pinned whole by now. */
  pinned(rel: string): boolean
  /** Is this the name of a program on the gates' PATH, outside the workspace? */
  isProgram(name: string): boolean
  /** True the first time it is asked about a key. */
  once(key: string): boolean
  /** Canonical JSON; a value nested too deep for it fails the collection. */
  json(value: unknown, file: string): string
  /** Every command of a shell text, with `cd` followed. */
  runText(text: string, dir: string, bins: boolean): void
}

export interface Collector {
  readonly name: string
  collect(invocation: Invocation, collection: Collection): void
}

/** A pin of a text value; the text itself is kept where it is short and holds no secrets. */
export function textPin(id: PinId, file: string, text: string | null): Pin {
  if (text === null) return { id, value: null, file }
  const shown = safeText(file, text)
  return { id, value: sha256(text), file, ...(shown === null ? {} : { text: shown }) }
}

/** Name of the program an argv starts: `make` for `/usr/bin/make`, `gradlew` for `./gradlew`. */
export function programOf(argv: readonly string[]): string {
  return (argv[0] ?? '').slice((argv[0] ?? '').lastIndexOf('/') + 1)
}

/** Non-option words, up to `--`. */
export function plainWords(args: readonly string[]): string[] {
  const end = args.indexOf('--')
  return (end === -1 ? args : args.slice(0, end)).filter((arg) => !arg.startsWith('-'))
}

/** Values of an option in all its spellings: `-C x`, `-Cx` (single letters), `--dir x`, `--dir=x`. */
export function optionValues(args: readonly string[], names: readonly string[]): string[] {
  const values: string[] = []
  for (const [index, arg] of args.entries()) {
    if (arg === '--') break
    for (const name of names) {
      const next = args[index + 1]
      if (arg === name && next !== undefined) values.push(next)
      else if (arg.startsWith(`${name}=`)) values.push(arg.slice(name.length + 1))
      else if (/^-\w$/.test(name) && arg.startsWith(name) && arg.length > 2) values.push(arg.slice(2))
    }
  }
  return values
}

/** Joins paths relative to the root, in which the root itself is `.`. */
export function join(dir: string, name: string): string {
  return dir === '.' ? name : `${dir}/${name}`
}

/** The directory that a path relative to the root lies in. */
export function dirOf(rel: string): string {
  return rel.includes('/') ? rel.slice(0, rel.lastIndexOf('/')) : '.'
}

/**
 * Does a name match a pattern in which `*`, `**`, `?`, `{…}` and `[…]` all stand for any characters? Linear in the
 * name: both come from files an agent writes, and a regular expression made of them could be made to hang.
 */
export function matchesWildcard(pattern: string, name: string): boolean {
  const parts = pattern.split(/\*+|\?|\{[^}]{0,200}\}|\[[^\]]{0,200}\]/)
  const [first, ...rest] = parts as [string, ...string[]]
  if (rest.length === 0) return name === first
  if (!name.startsWith(first)) return false
  let at = first.length
  const last = rest.pop() as string
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return name.length - last.length >= at && name.endsWith(last)
}

export function isWildcard(pattern: string): boolean {
  return /[*?{[]/.test(pattern)
}

/** A table's own row: words come from scripts, and `constructor` is a word too. */
export function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}

/** Longest directory whose names are looked through. */
const MAX_NAMES = 5000

/** Names in a directory. When they become too many to look through, that itself is a change: nothing hides in a crowd. */
export function collectedNames(dir: string, collection: Collection): readonly string[] {
  const names = collection.workspace.names(dir, MAX_NAMES)
  if (names === null) collection.pin('crowd', dir, `more than ${MAX_NAMES} names`)
  return names ?? []
}
