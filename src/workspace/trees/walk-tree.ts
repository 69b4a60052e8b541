import fs from 'node:fs'
import { fsPath, pathText } from '../../evidence/path-text.ts'

export interface Found {
  /** `other`: a FIFO, socket or device. */
  readonly kind: 'file' | 'link' | 'directory' | 'other'
  readonly stat: fs.BigIntStats
}

export interface Walked {
  /** By path from the top; a directory comes before what is in it. The `.git` of the top is not among them. */
  readonly found: ReadonlyMap<string, Found>
  /** Directories that could not be listed. */
  readonly closed: readonly string[]
}

/** All that lies below a directory. No link is followed. `enter` decides about each directory. */
export function walkTree(top: string, enter: (path: string) => boolean): Walked {
  const found = new Map<string, Found>()
  const closed: string[] = []
  const queue = ['']
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
      const stat = fs.lstatSync(fsPath(top, path), { bigint: true, throwIfNoEntry: false })
      if (stat === undefined) continue
      const kind = kindOf(stat)
      found.set(path, { kind, stat })
      if (kind === 'directory' && enter(path)) queue.push(path)
    }
  }
  return { found, closed }
}

function kindOf(stat: fs.BigIntStats): Found['kind'] {
  if (stat.isFile()) return 'file'
  if (stat.isSymbolicLink()) return 'link'
  return stat.isDirectory() ? 'directory' : 'other'
}
