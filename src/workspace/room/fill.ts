import fs from 'node:fs'
import { EntryReader, type Hashing, isLarge } from '../../evidence/entry.ts'
import { isHashOf, withLf } from '../../evidence/git/content.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { type Copying, copyFiles } from './copy.ts'
import { RESTORED } from './restore.ts'

/** Paths that differ from the start, and how: the state of a comparison. */
export type RoomDifference = ReadonlyMap<string, string>

/** What a difference says of a path where nothing is. */
const GONE = '-'
/** Kinds of entries that a room has. */
export const COPIED = new Set(['f', 'x', 'l'])

const isCopied = (now: string | undefined): boolean => now !== GONE && now !== RESTORED

/** From the tree that an agent writes, at the time of the look. */
export interface Filling extends Copying {
  readonly hashing: Hashing
  /** What a file held at the start, as a difference tells it; a filter may stand between. Null: nobody knows. */
  readonly heldAtStart: (file: string) => string | null
}

/** Fills an empty directory with the start (`names`) and the difference. Gives what was not as it was looked at. */
export function fill(filling: Filling, names: Iterable<string>, difference: RoomDifference): string[] {
  const all = new Set(names)
  for (const file of difference.keys()) all.add(file)
  for (const [file, now] of difference) if (!isCopied(now)) all.delete(file)
  return copyChecked(filling, all, difference)
}

/** Makes of a room with one difference one with another. */
export function refill(filling: Filling, had: RoomDifference, difference: RoomDifference): string[] {
  const changed = [...new Set([...had.keys(), ...difference.keys()])].filter(
    (file) => had.get(file) !== difference.get(file),
  )
  // Deepest first, so that a directory can take a file's place, and the other way round.
  for (const file of changed.toSorted().toReversed()) remove(filling.to, file)
  const there = changed.filter((file) => isCopied(difference.get(file)))
  const ofChanged = new Map([...difference].filter(([file]) => had.get(file) !== difference.get(file)))
  return copyChecked(filling, there, ofChanged)
}

function copyChecked(filling: Filling, files: Iterable<string>, difference: RoomDifference): string[] {
  const { moved, doubtful } = copyFiles(filling, files)
  const other = doubtful.filter((file) => !difference.has(file) && !holdsStart(filling, file))
  return [...moved, ...other, ...unlike(filling, difference)]
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
