import fs from 'node:fs'
import * as z from 'zod/mini'
import { parseJson } from '../../base/json.ts'
import { type ProcessId, isAlive, self } from '../../base/process-id.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { RepoPaths } from './paths.ts'

const schema = z.object({ pid: z.number(), start: z.string() })

/** Puts down that this process goes on and on, for `stop` and `status`. What comes back takes it away again. */
export function noteContinuous({ continuous }: RepoPaths): () => void {
  writeFileWhole(continuous, JSON.stringify(self()))
  return () => fs.rmSync(continuous, { force: true })
}

/** The process that goes on and on, whether it works or waits without the lock; null: there is none. */
export function continuousProcess({ continuous }: RepoPaths): ProcessId | null {
  const text = readTextSafe(continuous, { maxBytes: 4096 })
  const json = text.ok ? parseJson(text.value, 'process') : text
  const parsed = json.ok ? schema.safeParse(json.value) : undefined
  return parsed?.success && isAlive(parsed.data) ? parsed.data : null
}
