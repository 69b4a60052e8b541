import * as z from 'zod/mini'
import { parseJson } from '../base/json.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'

/** What a worker says of its own work. `complete` is needed, and never enough. */
export type Answer =
  | { readonly status: 'complete' | 'continue' | 'blocked'; readonly summary: string }
  | { readonly status: 'proposal'; readonly summary: string; readonly proposal: Proposal }

/** What an agent may ask a person for. */
export type Proposal =
  /** As entries of a scope are written. */
  | { readonly kind: 'widen-scope'; readonly scope: readonly string[] }
  | { readonly kind: 'split'; readonly items: readonly ProposedItem[] }
  /** Something that has to be there first. */
  | { readonly kind: 'add-dependency'; readonly item: ProposedItem }

export interface ProposedItem {
  readonly title: string
  readonly text: string
  readonly scope: readonly string[]
}

const MAX_BYTES = 1 << 20

const line = () => z.string().check(z.minLength(1), z.maxLength(500))
const scope = () => z.array(line()).check(z.minLength(1), z.maxLength(200))
const item = () =>
  z.strictObject({ title: line(), text: z.string().check(z.maxLength(100_000)), scope: scope() })
const summary = () => z.string().check(z.maxLength(20_000))

const schema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.enum(['complete', 'continue', 'blocked']), summary: summary() }),
  z.strictObject({
    status: z.literal('proposal'),
    summary: summary(),
    proposal: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('widen-scope'), scope: scope() }),
      z.strictObject({
        kind: z.literal('split'),
        items: z.array(item()).check(z.minLength(2), z.maxLength(20)),
      }),
      z.strictObject({ kind: z.literal('add-dependency'), item: item() }),
    ]),
  }),
])

/** Null: there is no file. Codes: agent-answer, those of readTextSafe. */
export function readAnswer(file: string): Result<Answer | null> {
  return readBy(file, schema)
}

const quota = z.object({ resets_at: z.number().check(z.positive(), z.maximum(8.64e12)) })

/** Milliseconds since the epoch; null: it is not said in a way that can be read. */
export function readReset(file: string): number | null {
  const read = readBy(file, quota)
  return read.ok && read.value !== null ? read.value.resets_at * 1000 : null
}

function readBy<T>(file: string, shape: z.ZodMiniType<T>): Result<T | null> {
  const text = readTextSafe(file, { maxBytes: MAX_BYTES })
  if (!text.ok) return text.error.code === 'missing' ? ok(null) : text
  const json = parseJson(text.value, file)
  if (!json.ok) return json
  const parsed = z.safeParse(shape, json.value)
  if (parsed.success) return ok(parsed.data)
  const [issue] = parsed.error.issues
  return fail('agent-answer', `${file} ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`)
}
