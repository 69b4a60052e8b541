import fs from 'node:fs'
import type { PathTest } from '../evidence/glob.ts'
import { fsPath, pathText } from '../evidence/path-text.ts'

/** What was written to a layer above a tree. */
export interface Written {
  /** Files that were there before and that were written to, removed or replaced, whatever they hold now; sorted. */
  readonly rewrote: readonly string[]
  readonly bytes: number
}

/**
 * Reads a layer. The kernel copies a file there when it is opened for writing, and a removed one leaves a mark, so what was
 * written and put back is seen as well. `mayWrite`: files that count only if they differ now.
 */
export function readLayer(
  upper: string,
  root: string,
  present: ReadonlySet<string>,
  mayWrite: PathTest,
): Written {
  const rewrote = new Set<string>()
  let bytes = 0
  let directories: ReadonlySet<string> | undefined
  for (const { path, stat } of walk(upper)) {
    bytes += stat.blocks * 512
    if (stat.isDirectory()) continue
    if (present.has(path)) {
      if (!mayWrite(path) || differs(fsPath(upper, path), fsPath(root, path), stat)) rewrote.add(path)
      continue
    }
    // In the place of a directory, whether as a mark or as a file: everything below it was removed.
    directories ??= directoriesOf(present)
    if (directories.has(path)) for (const file of present) if (file.startsWith(`${path}/`)) rewrote.add(file)
  }
  return { rewrote: [...rewrote].sort(), bytes }
}

interface Entry {
  readonly path: string
  readonly stat: fs.Stats
}

function* walk(upper: string): Generator<Entry> {
  const queue = ['']
  for (let dir = queue.pop(); dir !== undefined; dir = queue.pop())
    for (const name of namesIn(dir === '' ? upper : fsPath(upper, dir))) {
      const path = dir === '' ? pathText(name) : `${dir}/${pathText(name)}`
      const stat = fs.lstatSync(fsPath(upper, path), { throwIfNoEntry: false })
      if (stat === undefined) continue
      yield { path, stat }
      if (stat.isDirectory()) queue.push(path)
    }
}

/** Leaves of a layer what these globs name, but no file that was there before. */
export function keepOf(upper: string, keeps: PathTest, present: ReadonlySet<string>): void {
  const entries = [...walk(upper)]
  const kept = new Set<string>()
  const sources = directoriesOf(present)
  for (const { path, stat } of entries)
    if (!stat.isDirectory() && keeps(path) && !present.has(path) && !sources.has(path)) kept.add(path)
  const directories = directoriesOf(kept)
  // A directory comes before what is in it.
  for (const { path, stat } of entries.toReversed()) {
    if (kept.has(path) || directories.has(path)) continue
    if (!stat.isDirectory()) fs.unlinkSync(fsPath(upper, path))
    else if (!keeps(`${path}/`) && !keeps(path)) fs.rmdirSync(fsPath(upper, path))
  }
}

/** A gate may have closed a directory to itself; its owner opens it again. */
function namesIn(dir: string | Buffer): Buffer[] {
  try {
    return fs.readdirSync(dir, { encoding: 'buffer' })
  } catch {
    fs.chmodSync(dir, 0o700)
    return fs.readdirSync(dir, { encoding: 'buffer' })
  }
}

/** Every directory that holds one of them, at any depth. */
export function directoriesOf(files: Iterable<string>): Set<string> {
  const found = new Set<string>()
  for (const file of files)
    for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1)) {
      const dir = file.slice(0, at)
      if (found.has(dir)) break
      found.add(dir)
    }
  return found
}

/** More than this is not read to see whether it is the same: it was written. */
const MOST_READ = 1 << 26

/** Whether a file of a layer is not what the tree has at its place. */
export function differs(now: string | Buffer, before: string | Buffer, stat: fs.Stats): boolean {
  const was = fs.lstatSync(before, { throwIfNoEntry: false })
  if (was === undefined || was.mode !== stat.mode || was.size !== stat.size) return true
  if (stat.isSymbolicLink()) return fs.readlinkSync(now) !== fs.readlinkSync(before)
  if (!stat.isFile() || stat.size > MOST_READ) return true
  return !fs.readFileSync(now).equals(fs.readFileSync(before))
}
