import fs from 'node:fs'
import path from 'node:path'
import { readFileSafe } from '../base/read-file.ts'

/** Largest index that is read. Bytes. */
const MAX_INDEX = 128 * 1024 * 1024

/**
 * Is a file (absolute, really there) in git's index? Without git it is not, nor with an index that compresses its names
 * (version 4) or is split. No process is started: the names stand in the index as they are.
 */
export function isTracked(file: string): boolean {
  for (let dir = path.dirname(file); ; dir = path.dirname(dir)) {
    const gitDir = gitDirAt(dir)
    if (gitDir !== null) return holds(path.join(gitDir, 'index'), path.relative(dir, file))
    if (dir === path.dirname(dir)) return false
  }
}

function gitDirAt(dir: string): string | null {
  const git = path.join(dir, '.git')
  if (!fs.existsSync(git)) return null
  const read = readFileSafe(git, { maxBytes: 8192 })
  // A work tree of its own has a file there that says where its index is.
  const to = read.ok ? /^gitdir: (.+)/.exec(read.value.toString('utf8'))?.[1] : undefined
  return to === undefined ? git : path.resolve(dir, to.trim())
}

function holds(index: string, name: string): boolean {
  const read = readFileSafe(index, { maxBytes: MAX_INDEX })
  if (!read.ok) return false
  const bytes = read.value
  const wanted = Buffer.from(`${name}\0`)
  // Before each name stand 16 bits of flags, the lower 12 of them its length.
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1))
    if (at >= 2 && (bytes.readUInt16BE(at - 2) & 0xfff) === Math.min(wanted.length - 1, 0xfff)) return true
  return false
}
