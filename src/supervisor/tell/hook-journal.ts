import fs from 'node:fs'
import path from 'node:path'
import * as z from 'zod/mini'
import { readTextSafe } from '../../base/read-file.ts'
import type { BatchPaths } from '../batch/paths.ts'

const ended = z.object({
  seq: z.number(),
  hook: z.string(),
  item: z.nullable(z.string()),
  /** Null: it could not be started. */
  code: z.nullable(z.number()),
  why: z.nullable(z.string()),
  log: z.string(),
})
const schema = z.union([
  z.object({ at: z.literal('from'), seq: z.number() }),
  z.object({ at: z.literal('begun'), seq: z.number(), hook: z.string() }),
  z.extend(ended, { at: z.literal('ended') }),
])

/** How a hook came to its end. `why`: what was wrong with it; null: nothing. */
export type HookEnded = z.infer<typeof ended>
type Line = z.infer<typeof schema>

/** What hooks were begun and how they ended: a file beside the record, which versions before this one would not take. */
export interface HookJournal {
  /** Events before this one are nobody's. Null: nothing is written yet. */
  readonly from: number | null
  /** As `hookKey` has them. */
  readonly begun: ReadonlySet<string>
  readonly ended: readonly HookEnded[]
}

/** One event may be two happenings. */
export const hookKey = ({ hook, seq }: { readonly hook: string; readonly seq: number }): string =>
  `${seq} ${hook}`

const fileOf = ({ dir }: Pick<BatchPaths, 'dir'>): string => path.join(dir, 'hooks.jsonl')

/** A line that a crash cut off is passed over. */
export function readHooks(batch: Pick<BatchPaths, 'dir'>): HookJournal {
  const read = readTextSafe(fileOf(batch), { maxBytes: 1 << 28 })
  const lines = read.ok ? read.value.split('\n').flatMap(lineOf) : []
  return {
    from: lines.find((one) => one.at === 'from')?.seq ?? null,
    begun: new Set(lines.flatMap((one) => (one.at === 'begun' ? [hookKey(one)] : []))),
    ended: lines.flatMap((one) => (one.at === 'ended' ? [one] : [])),
  }
}

function lineOf(text: string): readonly Line[] {
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    return parsed.success ? [parsed.data] : []
  } catch {
    return []
  }
}

/** On the disk when it returns: what has begun is never begun twice. Throws what the file system says. */
export function writeHook(batch: Pick<BatchPaths, 'dir'>, line: Line): void {
  const fd = fs.openSync(fileOf(batch), 'a', 0o600)
  try {
    // After a line that was cut off the next one begins a line of its own.
    fs.writeSync(fd, `\n${JSON.stringify(line)}\n`)
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}
