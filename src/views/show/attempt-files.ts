import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { readFileSafe } from '../../base/read-file.ts'
import { shortened } from '../../base/text.ts'
import { attemptPaths, type BatchPaths } from '../../supervisor/batch/paths.ts'

/** One file that an attempt left. */
export interface LeftFile {
  readonly path: string
  readonly bytes: number
}

/** What is kept of one turn; null: it is gone, or never was. A turn that was taken again left what it left the last time. */
export interface TurnFiles {
  readonly turn: number
  readonly prompt: LeftFile | null
  /** What its agent printed. */
  readonly log: LeftFile | null
}

/** Larger ones are not written: a log of an agent ends at 16 MiB. */
const MOST_BYTES = 32 << 20

export function turnFiles(batch: BatchPaths, item: string, attempt: number, turn: number): TurnFiles {
  const { dir } = attemptPaths(batch, item, attempt)
  const name = `turn-${turn}`
  return {
    turn,
    prompt: leftFile(dir, name, 'prompt.md'),
    log: leftFile(dir, name, `${name}.log`),
  }
}

/** A regular file in real directories: what an agent may have put in the place of one is passed over. */
function leftFile(dir: string, ...names: readonly string[]): LeftFile | null {
  let at = dir
  for (const name of ['', ...names.slice(0, -1)]) {
    at = path.join(at, name)
    if (fs.lstatSync(at, { throwIfNoEntry: false })?.isDirectory() !== true) return null
  }
  const file = path.join(at, names.at(-1) ?? '')
  const stat = fs.lstatSync(file, { throwIfNoEntry: false })
  return stat?.isFile() ? { path: file, bytes: stat.size } : null
}

/** Its text; null: it cannot be read. */
export function textOf(file: LeftFile | null): string | null {
  if (file === null) return null
  const read = readFileSafe(file.path, { maxBytes: MOST_BYTES })
  return read.ok ? read.value.toString('utf8') : null
}

/** The end of it, and how much stands before that; null: it cannot be read. */
export function endOf(
  file: LeftFile | null,
  most: number,
): { readonly text: string; readonly cut: number } | null {
  if (file === null) return null
  const bytes = readEnd(file.path, most)
  return bytes === null ? null : { text: bytes.toString('utf8'), cut: Math.max(0, file.bytes - bytes.length) }
}

function readEnd(file: string, most: number): Buffer | null {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants
  try {
    const fd = fs.openSync(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
    try {
      const stat = fs.fstatSync(fd)
      if (!stat.isFile()) return null
      const bytes = Buffer.alloc(Math.min(most, stat.size))
      const read = fs.readSync(fd, bytes, 0, bytes.length, Math.max(0, stat.size - most))
      return bytes.subarray(0, read)
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return null
  }
}

/** Of one line that is shown. Characters. */
const MOST_LINE = 400

/** The last lines of a text, each shortened. */
export function tailOf(
  text: string,
  most: number,
): { readonly lines: readonly string[]; readonly before: number } {
  const lines = text.trim() === '' ? [] : text.trimEnd().split('\n')
  return {
    lines: lines.slice(-most).map((line) => shortened(line, MOST_LINE)),
    before: Math.max(0, lines.length - most),
  }
}

/** Regular files below a directory with their bytes, links and whatever else is no file left out. Relative, sorted. */
export function filesBelow(dir: string): readonly LeftFile[] {
  const found: LeftFile[] = []
  const queue = ['']
  for (let at = queue.pop(); at !== undefined; at = queue.pop())
    for (const name of namesIn(path.join(dir, at))) {
      const one = path.join(at, name)
      const stat = fs.lstatSync(path.join(dir, one), { throwIfNoEntry: false })
      if (stat?.isDirectory()) queue.push(one)
      else if (stat?.isFile()) found.push({ path: one, bytes: stat.size })
    }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}
