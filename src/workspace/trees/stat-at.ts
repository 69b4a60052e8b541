import fs from 'node:fs'
import { errno } from '../../base/read-file.ts'
import { fsPath } from '../../evidence/path-text.ts'

/** What lies at a path of a tree; no link at its end is followed. Undefined where nothing does, also below a file. */
export function statAt(top: string, path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(fsPath(top, path), { throwIfNoEntry: false })
  } catch (error) {
    if (errno(error) === 'ENOTDIR') return undefined
    throw error
  }
}
