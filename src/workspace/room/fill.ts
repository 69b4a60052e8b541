import fs from 'node:fs'
import { EntryReader, type Hashing, isLarge } from '../../evidence/entry.ts'
import { isHashOf, withLf } from '../../evidence/git/content.ts'
import { fsPath } from '../../evidence/path-text.ts'
import type { Copying } from './copy.ts'
import { type CopiedFiles, type KnownFiles, copyFiles } from './copy-parts.ts'
import { isRestored } from './restore.ts'

/** Paths that differ from the start, and how: the state of a comparison. */
export type RoomDifference = ReadonlyMap<string, string>

/** What a difference says of a path where nothing is. */
const GONE = '-'
/** Kinds of entries that a room has. */
export const COPIED = new Set(['f', 'x', 'l'])

const isCopied = (now: string | undefined): boolean => now !== GONE && !isRestored(now)

/** From the tree that an agent writes, at the time of the look. */
export interface Filling extends Copying, KnownFiles {
  readonly hashing: Hashing
  /** What a file held at the start, as a difference tells it; a filter may stand between. Null: nobody knows. */
  readonly heldAtStart: (file: string) => string | null
}

export interface Filled extends Pick<CopiedFiles, 'stats'> {
  /** Not what was looked at. */
  readonly moved: readonly string[]
}

/** Fills an empty directory with the start (`names`) and the difference. */
export function fill(filling: Filling, names: Iterable<string>, difference: RoomDifference): Promise<Filled> {
  return copyChecked(filling, thereIn(names, difference), difference)
}

function* thereIn(names: Iterable<string>, difference: RoomDifference): Generator<string> {
  for (const file of names) if (!difference.has(file)) yield file
  for (const [file, now] of difference) if (isCopied(now)) yield file
}

/** Makes of a room with one difference one with another. */
export async function refill(
  filling: Filling,
  had: RoomDifference,
  difference: RoomDifference,
): Promise<Filled> {
  const changed = [...new Set([...had.keys(), ...difference.keys()])].filter(
    (file) => had.get(file) !== difference.get(file),
  )
  // Deepest first, so that a directory can take a file's place, and the other way round.
  for (const file of changed.toSorted().toReversed()) remove(filling.to, file)
  const there = changed.filter((file) => isCopied(difference.get(file)))
  const ofChanged = new Map([...difference].filter(([file]) => had.get(file) !== difference.get(file)))
  return copyChecked(filling, there, ofChanged)
}

async function copyChecked(
  filling: Filling,
  files: Iterable<string>,
  difference: RoomDifference,
): Promise<Filled> {
  const { from, to, before } = filling
  const { moved, doubtful, stats } = await copyFiles({ from, to, before }, filling, files)
  const other = doubtful.filter((file) => !difference.has(file) && !holdsStart(filling, file))
  return { moved: [...moved, ...other, ...unlike(filling, difference)], stats }
}

/** Line ends apart, which are as the person's settings have them. */
function holdsStart({ to, hashing, heldAtStart }: Filling, file: string): boolean {
  const was = heldAtStart(file)
  if (was === null) return true
  const [kind = '', hash = ''] = was.split(' ')
  const now = new EntryReader(to, hashing, undefined, Infinity).look(file)
  if (now?.kind !== kind) return false
  if (now.hash === hash) return true
  return kind !== 'l' && hashing !== 'short' && isHashOf(withLf(readText(to, file)), hash, hashing)
}

const readText = (root: string, file: string): string => fs.readFileSync(fsPath(root, file), 'latin1')

/** What was copied and has not the content that the difference tells of. */
function unlike({ to, hashing }: Filling, difference: RoomDifference): string[] {
  const eyes = new EntryReader(to, hashing)
  return [...difference].flatMap(([file, was]) => {
    const [kind = '', hash = ''] = was.split(' ')
    // A large file is known by its stat alone, which a copy has not.
    if (!COPIED.has(kind) || isLarge({ hash })) return []
    const now = eyes.look(file)
    return now !== null && was === `${now.kind} ${now.hash}` ? [] : [file]
  })
}

/** And the directories that held nothing else. What would be reached by a link is another file. */
function remove(root: string, file: string): void {
  const dirs = parentsOf(file)
  if (!dirs.every((dir) => isRealDirectory(root, dir))) return
  const place = fsPath(root, file)
  if (isRealDirectory(root, file)) fs.rmSync(place, { recursive: true, force: true })
  else fs.rmSync(place, { force: true })
  for (const dir of dirs.toReversed()) {
    try {
      fs.rmdirSync(fsPath(root, dir))
    } catch {
      return
    }
  }
}

/** Outermost first. */
function parentsOf(file: string): string[] {
  const names = file.split('/')
  return names.slice(1).map((_name, at) => names.slice(0, at + 1).join('/'))
}

function isRealDirectory(root: string, dir: string): boolean {
  try {
    return fs.lstatSync(fsPath(root, dir)).isDirectory()
  } catch {
    return false
  }
}
