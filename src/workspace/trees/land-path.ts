import fs from 'node:fs'
import path from 'node:path'
import { isWithin, realPath } from '../../base/within.ts'
import { fsPath } from '../../evidence/path-text.ts'

import { statAt } from './stat-at.ts'

interface Version {
  readonly kind: 'file' | 'link' | 'directory' | 'other' | 'absent'
  readonly bytes: Buffer
}

/**
 * Whether what lies at a path comes from one of these trees, or nothing does: it is the file as one of them has it, or the beginning
 * of it, as a write leaves it that was cut short.
 */
export function isFrom(top: string, one: string, versions: readonly string[]): boolean {
  const now = versionOf(top, one)
  if (now.kind === 'absent') return true
  return versions.some((dir) => {
    const version = versionOf(dir, one)
    if (version.kind === 'directory' || version.kind !== now.kind)
      return now.kind === 'directory' && version.kind === 'directory'
    return version.bytes.subarray(0, now.bytes.length).equals(now.bytes)
  })
}

function versionOf(top: string, one: string): Version {
  const place = fsPath(top, one)
  const none = Buffer.alloc(0)
  const stat = statAt(top, one)
  if (stat === undefined) return { kind: 'absent', bytes: none }
  if (stat.isFile()) return { kind: 'file', bytes: fs.readFileSync(place) }
  if (stat.isSymbolicLink()) return { kind: 'link', bytes: fs.readlinkSync(place, { encoding: 'buffer' }) }
  return { kind: stat.isDirectory() ? 'directory' : 'other', bytes: none }
}

/** Writes a file as a tree has it, in place of what lies there. Throws what the file system says. */
export function writeFrom(top: string, one: string, dir: string): void {
  const [from, to] = [fsPath(dir, one), fsPath(top, one)]
  const parent = fsPath(top, path.posix.dirname(one))
  fs.mkdirSync(parent, { recursive: true })
  if (!isWithin(realPath(String(parent)), realPath(top))) throw new Error(`${one} lies behind a link`)
  const stat = fs.lstatSync(from)
  const now = statAt(top, one)
  // A directory that holds nothing gives way; any other is not ours to remove.
  if (now?.isDirectory() === true) fs.rmdirSync(to)
  else if (now !== undefined) fs.unlinkSync(to)
  if (stat.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(from, { encoding: 'buffer' }), to)
  else fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL)
}
