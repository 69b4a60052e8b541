import fs from 'node:fs'
import { fsPath, pathText } from '../../evidence/path-text.ts'

/** A hundred thousand of them are kept at once: the rest of what the kernel says of a file takes four times as much. */
export type FileStat = Pick<fs.BigIntStats, 'ino' | 'ctimeNs' | 'mode' | 'nlink' | 'size'>

export interface Found {
  /** `other`: a FIFO, socket or device. */
  readonly kind: 'file' | 'link' | 'directory' | 'other'
  readonly stat: FileStat
}

export interface Walked {
  /** By path from the top; a directory comes before what is in it. The `.git` of the top is not among them. */
  readonly found: ReadonlyMap<string, Found>
  /** Directories that could not be listed, or not looked into. */
  readonly closed: readonly string[]
}

/** All that lies below a directory of a tree. No link is followed. `enter` decides about each directory below it. */
export function walkTree(top: string, enter: (path: string) => boolean, below = ''): Walked {
  const found = new Map<string, Found>()
  const closed: string[] = []
  const queue = [below]
  for (let dir = queue.pop(); dir !== undefined; dir = queue.pop()) {
    let names: Buffer[]
    try {
      names = fs.readdirSync(dir === '' ? top : fsPath(top, dir), { encoding: 'buffer' })
    } catch {
      closed.push(dir)
      continue
    }
    for (const name of names) {
      const text = pathText(name)
      if (dir === '' && text === '.git') continue
      const path = dir === '' ? text : `${dir}/${text}`
      const there = lookWithin(fsPath(top, path))
      if (there === 'refused') {
        closed.push(dir)
        break
      }
      if (there === null) continue
      found.set(path, there)
      if (there.kind === 'directory' && enter(path)) queue.push(path)
    }
  }
  return { found, closed }
}

/** A directory may be listed and keep what is in it to itself, or be deeper than a path can be. */
function lookWithin(place: string | Buffer): Found | null | 'refused' {
  try {
    return lookAt(place)
  } catch {
    return 'refused'
  }
}

/** Null: nothing is there. Throws what the file system says. */
export function lookAt(place: string | Buffer): Found | null {
  const stat = fs.lstatSync(place, { bigint: true, throwIfNoEntry: false })
  if (stat === undefined) return null
  const { ino, ctimeNs, mode, nlink, size } = stat
  return { kind: kindOf(stat), stat: { ino, ctimeNs, mode, nlink, size } }
}

function kindOf(stat: fs.BigIntStats): Found['kind'] {
  if (stat.isFile()) return 'file'
  if (stat.isSymbolicLink()) return 'link'
  return stat.isDirectory() ? 'directory' : 'other'
}
