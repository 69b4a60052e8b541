import fs from 'node:fs'
import path from 'node:path'
import type { LedgerPlace } from '../ledger/paths.ts'
import { openRun } from '../ledger/state.ts'
import { readRecord } from '../ledger/store.ts'

/**
 * Aborts when the run is closed or paused while gates run (a person's `disable` must not wait for a long gate), and at
 * the deadline. `close()` ends the watching.
 */
export function watchRun(
  place: LedgerPlace,
  runId: string,
  msLeft: number,
): { readonly signal: AbortSignal; close(): void } {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort('deadline'), Math.max(0, msLeft))
  timer.unref()
  const look = (): void => {
    const record = readRecord(place)
    const run = record.ok ? openRun(record.value.state) : undefined
    if (record.ok && (!run || run.runId !== runId || run.status !== 'active')) abort.abort('run-left')
  }
  let watcher: fs.FSWatcher | undefined
  try {
    watcher = fs.watch(place.dir, { persistent: false }, (_event, name) => {
      if (name === null || name === path.basename(place.ledger)) look()
    })
    watcher.on('error', () => undefined)
    // A word that came before the watch began is told by no event.
    look()
  } catch {
    // No inotify left: the append at the end still sees that the run was closed.
  }
  return {
    signal: abort.signal,
    close() {
      clearTimeout(timer)
      watcher?.close()
    },
  }
}
