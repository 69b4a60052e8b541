import fs from 'node:fs'
import path from 'node:path'
import { EntryReader, type Hashing, isLarge } from '../../evidence/entry.ts'
import { removeOwned } from '../../base/owned-directory.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { type Copying, copyFiles } from './copy.ts'

/** Paths that differ from the start, and how: the state of a comparison. */
export type RoomDifference = ReadonlyMap<string, string>

/** What a difference says of a path where nothing is. */
const GONE = '-'
/** Kinds of entries that a room has. */
const COPIED = new Set(['f', 'x', 'l'])

/** From the tree that an agent writes, at the time of the look. */
export interface Filling extends Copying {
  readonly hashing: Hashing
}

/** Fills an empty directory with the start (`names`) and the difference. Gives what was not as it was looked at. */
export function fill(filling: Filling, names: Iterable<string>, difference: RoomDifference): string[] {
  const all = new Set(names)
  for (const file of difference.keys()) all.add(file)
  for (const [file, now] of difference) if (now === GONE) all.delete(file)
  return [...copyFiles(filling, all), ...unlike(filling, difference)]
}

/** Makes of a room with one difference one with another. */
export function refill(filling: Filling, had: RoomDifference, difference: RoomDifference): string[] {
  const changed = [...new Set([...had.keys(), ...difference.keys()])].filter(
    (file) => had.get(file) !== difference.get(file),
  )
  // Deepest first, so that a directory can take a file's place, and the other way round.
  for (const file of changed.toSorted().toReversed()) remove(filling.to, file)
  const there = changed.filter((file) => difference.get(file) !== GONE)
  const ofChanged = new Map([...difference].filter(([file]) => had.get(file) !== difference.get(file)))
  return [...copyFiles(filling, there), ...unlike(filling, ofChanged)]
}

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

/** And the directories that held nothing else. */
function remove(root: string, file: string): void {
  const place = fsPath(root, file)
  const stat = fs.lstatSync(place, { throwIfNoEntry: false })
  if (stat?.isDirectory()) removeOwned(String(place))
  else if (stat !== undefined) fs.unlinkSync(place)
  for (let dir = path.posix.dirname(file); dir !== '.'; dir = path.posix.dirname(dir)) {
    try {
      fs.rmdirSync(fsPath(root, dir))
    } catch {
      return
    }
  }
}
