import path from 'node:path'
import type { Result } from '../base/result.ts'
import { ok } from '../base/result.ts'
import type { Context } from '../records/context.ts'
import { bytesBelow } from '../setup/rooms/size.ts'
import type { Site } from '../supervisor/batch/site.ts'
import { clean, nameOf } from '../supervisor/orders/clean.ts'
import type { Removable } from '../supervisor/orders/removable.ts'
import type { Flags } from './command.ts'

const DAY = 24 * 3_600_000
/** Days; as `clean` keeps refs. */
export const KEEP_LOGS = 30

/** What `clean` and `cleanup` ask for of batches. */
export const cleanFlags = {
  apply: { type: 'boolean', describe: 'remove it; without it, it is only shown' },
  'keep-logs': {
    type: 'number',
    value: 'days',
    default: KEEP_LOGS,
    describe: 'how long logs stay of a batch that is completed and landed',
  },
  discard: {
    type: 'string',
    value: 'batch',
    describe: 'a whole batch: its head, its work that is nowhere else, and its record',
  },
} as const satisfies Flags

/** What went, or would go, of batches. */
export interface CleanedBatches {
  readonly removed: readonly {
    readonly what: Removable['what']
    readonly name: string
    readonly files?: number
    /** On the disk; undefined: a ref, which is nothing by itself. */
    readonly bytes: number | undefined
  }[]
  readonly kept: readonly { readonly name: string; readonly why: string }[]
  readonly rescued: readonly string[]
}

/** Codes: those of clean. */
export async function cleanBatches(
  context: Context,
  site: Site,
  dry: boolean,
  { discard, 'keep-logs': days }: { readonly 'keep-logs': number; readonly discard: string | null },
): Promise<Result<CleanedBatches>> {
  const asked = { discard, keepLogsMs: days * DAY }
  // Looked at before it goes.
  const shown = await clean(context, site, { dry: true, ...asked })
  if (!shown.ok) return shown
  const sizes = new Map(shown.value.remove.map((one) => [nameOf(one), sizeOf(one)]))
  const cleaned = dry ? shown : await clean(context, site, { dry, ...asked })
  if (!cleaned.ok) return cleaned
  const { remove, kept, rescued } = cleaned.value
  return ok({
    removed: remove.map((one) => ({
      what: one.what,
      name: nameOf(one),
      ...(one.what === 'logs' ? { files: one.files.length } : {}),
      bytes: sizes.get(nameOf(one)),
    })),
    kept,
    rescued,
  })
}

function sizeOf(one: Removable): number | undefined {
  if (one.what === 'ref') return undefined
  return one.what === 'logs' ? one.bytes : bytesBelow(path.resolve(one.dir))
}
