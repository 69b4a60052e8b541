import fs from 'node:fs'
import * as z from 'zod/mini'
import { parseJson } from '../../base/json.ts'
import { type ProcessId, isAlive, self } from '../../base/process-id.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { RepoPaths } from './paths.ts'

const schema = z.object({
  pid: z.number(),
  start: z.string(),
  left: z.exactOptional(
    z.object({
      iterations: z.nullable(z.number()),
      until: z.nullable(z.number()),
      cycles: z.nullable(z.number()),
      batch: z.nullable(z.string()),
      begun: z.number(),
    }),
  ),
})

/** What a call that goes on and on has left of what it was asked for. */
export interface Left {
  /** Null: no limit, as of the others. */
  readonly iterations: number | null
  /** ms since the epoch. */
  readonly until: number | null
  readonly cycles: number | null
  /** The newest batch by then, and the attempts that it had seen: what was opened since is to be taken off. */
  readonly batch: string | null
  readonly begun: number
}

/** Puts down that this process goes on and on, for `stop` and `status`, and what it has left, for the one that follows it after a crash. */
export function noteContinuous({ continuous }: RepoPaths, left: Left): void {
  writeFileWhole(continuous, JSON.stringify({ ...self(), left }))
}

export function forgetContinuous({ continuous }: RepoPaths): void {
  fs.rmSync(continuous, { force: true })
}

/** The process that goes on and on, whether it works or waits without the lock; null: there is none. */
export function continuousProcess(repo: RepoPaths): ProcessId | null {
  const noted = read(repo)
  return noted !== null && isAlive(noted) ? { pid: noted.pid, start: noted.start } : null
}

/** What the last one had left; null: it was none, or came to its end. */
export function leftOfContinuous(repo: RepoPaths): Left | null {
  return read(repo)?.left ?? null
}

function read({ continuous }: RepoPaths): z.infer<typeof schema> | null {
  const text = readTextSafe(continuous, { maxBytes: 4096 })
  const json = text.ok ? parseJson(text.value, 'process') : text
  const parsed = json.ok ? schema.safeParse(json.value) : undefined
  return parsed?.success ? parsed.data : null
}
