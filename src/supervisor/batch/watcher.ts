import fs from 'node:fs'
import path from 'node:path'
import * as z from 'zod/mini'
import { parseJson } from '../../base/json.ts'
import { isAlive, self } from '../../base/process-id.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { RepoPaths } from './paths.ts'

const schema = z.object({
  process: z.object({ pid: z.number(), start: z.string() }),
  log: z.string(),
  crashes: z.array(z.number()),
})

/** The process that starts a detached run again after a crash. */
export interface Watcher {
  readonly process: { readonly pid: number; readonly start: string }
  /** What the run prints. */
  readonly log: string
  /** When runs of it crashed in the last hour, ms since the epoch. */
  readonly crashes: readonly number[]
}

/** Puts down that this process watches, where the disk takes it: what it watches over does not hang on that. */
export function noteWatcher({ dir, watcher }: RepoPaths, log: string, crashes: readonly number[]): void {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    writeFileWhole(watcher, JSON.stringify({ process: self(), log, crashes } satisfies Watcher))
  } catch {
    // `status` does not know of it then.
  }
}

export function forgetWatcher({ watcher }: RepoPaths): void {
  fs.rmSync(watcher, { force: true })
}

/** Null: nobody watches. */
export function watcherOf(repo: RepoPaths): Watcher | null {
  const noted = notedWatcher(repo)
  return noted !== null && isAlive(noted.process) ? noted : null
}

/** The one that watched last, whether it lives or was killed; null: none, or it came to its end. */
export function notedWatcher({ watcher }: RepoPaths): Watcher | null {
  const text = readTextSafe(watcher, { maxBytes: 1 << 16 })
  const json = text.ok ? parseJson(text.value, path.basename(watcher)) : text
  const parsed = json.ok ? schema.safeParse(json.value) : undefined
  return parsed?.success ? parsed.data : null
}
