import fs from 'node:fs'
import path from 'node:path'
import { isWithin, realPath } from '../base/within.ts'

/**
 * A PATH for gates from a person's PATH: without empty, relative and missing entries and without anything that lies,
 * links resolved, in the workspace or the temp directories, where an agent could put its own `npm`. Order kept.
 */
export function safeGatePath(
  value: string,
  places: { readonly root: string; readonly tmpDir: string },
): string {
  const forbidden = [places.root, places.tmpDir, '/tmp', '/var/tmp', '/dev/shm'].flatMap((dir) => [
    path.resolve(dir),
    realPath(dir),
  ])
  const kept = value
    .split(path.delimiter)
    .filter((entry) => path.isAbsolute(entry) && fs.existsSync(entry))
    .map((entry) => path.resolve(entry))
    .filter((entry) => ![entry, realPath(entry)].some((each) => forbidden.some((dir) => isWithin(each, dir))))
  return [...new Set(kept)].join(path.delimiter)
}
