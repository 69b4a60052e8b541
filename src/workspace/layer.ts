import fs from 'node:fs'
import { errno } from '../base/read-file.ts'
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
    if (stat.isDirectory()) {
      // In the place of a file.
      if (present.has(path)) rewrote.add(path)
      continue
    }
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

/** All that a layer has of its own, and whether it is a directory. */
export function writtenPaths(upper: string): ReadonlyMap<string, boolean> {
  return new Map([...walk(upper)].map(({ path, stat }) => [path, stat.isDirectory()]))
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

/**
 * Leaves of a layer what these globs name, but nothing in the place of a file that was there before. A directory that hides
 * what is below it in the tree hides it no more. Gives whether anything is left.
 */
export function keepOf(upper: string, keeps: PathTest, present: ReadonlySet<string>): boolean {
  const entries = [...walk(upper)]
  const kept = new Set<string>()
  const sources = directoriesOf(present)
  for (const { path, stat } of entries)
    if (!stat.isDirectory() && keeps(path) && !isAtOrBelow(path, present) && !sources.has(path))
      kept.add(path)
  const directories = directoriesOf(kept)
  // A directory comes before what is in it.
  for (const { path, stat } of entries.toReversed()) {
    if (kept.has(path) || directories.has(path)) continue
    if (!stat.isDirectory()) fs.unlinkSync(fsPath(upper, path))
    else if (!keeps(`${path}/`) && !keeps(path)) removeEmpty(fsPath(upper, path))
  }
  for (const path of [...directories].filter((one) => sources.has(one))) makeAnew(upper, path)
  return namesIn(upper).length > 0
}

/** Whether a path is one of these, or lies below one. */
export function isAtOrBelow(path: string, paths: ReadonlySet<string>): boolean {
  for (let at = path.length; at > 0; at = path.lastIndexOf('/', at - 1))
    if (paths.has(path.slice(0, at))) return true
  return false
}

function removeEmpty(dir: string | Buffer): void {
  try {
    fs.rmdirSync(dir)
  } catch (error) {
    // It holds an empty directory that is kept.
    if (errno(error) !== 'ENOTEMPTY') throw error
  }
}

/** The kernel marks a directory that was removed and made again, and no more than that mark is lost. */
function makeAnew(upper: string, path: string): void {
  const [dir, other] = [fsPath(upper, path), fsPath(upper, `${path}.anew`)]
  fs.mkdirSync(other, { mode: 0o755 })
  for (const name of fs.readdirSync(dir, { encoding: 'buffer' }))
    fs.renameSync(join(dir, name), join(other, name))
  fs.rmdirSync(dir)
  fs.renameSync(other, dir)
}

const join = (dir: string | Buffer, name: Buffer): Buffer =>
  Buffer.concat([Buffer.from(dir as string), Buffer.from('/'), name])

/** A gate may have closed a directory to itself, or to changes; its owner opens it again. */
function namesIn(dir: string | Buffer): Buffer[] {
  fs.chmodSync(dir, (fs.lstatSync(dir).mode & 0o777) | 0o700)
  return fs.readdirSync(dir, { encoding: 'buffer' })
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
