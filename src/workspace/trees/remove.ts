import fs from 'node:fs'
import { removeOwned } from '../../base/owned-directory.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { statAt } from './stat-at.ts'

/** Removes what lies there, whatever it is; no link is followed. Throws what the file system says. */
export function removeAt(top: string, path: string): void {
  const place = fsPath(top, path)
  const stat = statAt(top, path)
  if (stat === undefined) return
  if (!stat.isDirectory()) fs.unlinkSync(place)
  else if (typeof place === 'string') removeOwned(place)
  else fs.rmSync(place, { recursive: true, force: true })
}
