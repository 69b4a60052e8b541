import fs from 'node:fs'
import path from 'node:path'
import type { Env } from '../base/env.ts'
import { listLive } from '../records/live.ts'
import { homePaths } from '../ledger/paths.ts'

/** Directories in which anything that status shows can change; asked anew after each change, since sessions come and go. */
export function homePlaces(env: Env): () => readonly string[] {
  const { home, armed, live, requests, sessions } = homePaths(env.home)
  return () => [
    home,
    armed,
    live,
    requests,
    sessions,
    ...childrenOf(sessions),
    ...listLive(env.home).flatMap((one) => [path.dirname(one.spool), one.spool]),
  ]
}

function childrenOf(dir: string): string[] {
  try {
    return fs
      .readdirSync(dir, { withFileTypes: true })
      .flatMap((entry) => (entry.isDirectory() ? [path.join(dir, entry.name)] : []))
  } catch {
    return []
  }
}

/** Many events of one change are one. */
const settleMs = 40

/**
 * Calls `changed` after something in these directories was touched. `places` is asked at the start and after each
 * change; a directory that is missing is watched from when it appears, through the one above it.
 */
export function watchPlaces(places: () => readonly string[], changed: () => void): { close(): void } {
  const watchers = new Map<string, fs.FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  const touched = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      follow()
      changed()
    }, settleMs)
  }
  const drop = (dir: string): void => {
    watchers.get(dir)?.close()
    watchers.delete(dir)
  }
  /** Whether there is a new watch. */
  const followOnce = (): boolean => {
    let added = false
    const wanted = new Set(places())
    for (const dir of watchers.keys()) if (!wanted.has(dir)) drop(dir)
    for (const dir of wanted) {
      if (watchers.has(dir)) continue
      try {
        const watcher = fs.watch(dir, { persistent: true }, (kind, name) => {
          // A directory that was replaced must be watched anew.
          if (kind === 'rename' && name === path.basename(dir)) drop(dir)
          touched()
        })
        watcher.on('error', () => drop(dir))
        watchers.set(dir, watcher)
        added = true
      } catch {
        // Not there yet; the one above it tells when it comes.
      }
    }
    return added
  }
  // What came in a directory before it was watched is told by no event.
  const follow = (): void => {
    while (followOnce());
  }
  follow()
  return {
    close: () => {
      clearTimeout(timer)
      for (const dir of watchers.keys()) drop(dir)
    },
  }
}
