import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../base/names-in.ts'
import type { HomePaths } from '../ledger/paths.ts'

const day = 24 * 3_600_000

/** Baselines, with their lists, of requests of which none waits any more. A claimed one has been copied. */
export function tidyRequests({ requests, armed }: HomePaths, now: number): void {
  if (namesIn(armed).some((name) => name.startsWith('pending-'))) return
  removeOld(requests, /^baseline-/, now)
}

/**
 * Unpacked lists of files (10 MB for 100,000) and notes beside them that nobody made anew for a day. Whoever still needs one
 * makes it again. By change time: their modification time says something to git.
 */
export function tidyLists(scratch: string, now: number): void {
  const places = [
    scratch,
    ...namesIn(scratch).flatMap((name) => (name.startsWith('git-') ? [path.join(scratch, name)] : [])),
  ]
  for (const dir of places) removeOld(dir, /^(?:listing|index|added)-/, now)
}

function removeOld(dir: string, names: RegExp, now: number): void {
  for (const name of namesIn(dir)) {
    if (!names.test(name)) continue
    const file = path.join(dir, name)
    try {
      if (now - fs.lstatSync(file).ctimeMs > day) fs.rmSync(file, { recursive: true, force: true })
    } catch {
      // It stays, and costs room.
    }
  }
}
