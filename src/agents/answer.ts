import * as z from 'zod/mini'
import { answerForm, readAnswer } from './answer-form.ts'

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

const line = () => z.string().check(z.minLength(1), z.maxLength(500))
const scope = () => z.array(line()).check(z.minLength(1), z.maxLength(200))
const item = () =>
  z.strictObject({ title: line(), text: z.string().check(z.maxLength(100_000)), scope: scope() })
const summary = () => z.string().check(z.maxLength(20_000))

const proposal = () =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('widen-scope'), scope: scope() }),
    z.strictObject({
      kind: z.literal('split'),
      items: z.array(item()).check(z.minLength(2), z.maxLength(20)),
    }),
    z.strictObject({ kind: z.literal('add-dependency'), item: item() }),
  ])

/** One object, because strict mode knows no alternatives at the root. */
const flat = z.strictObject({
  status: z.enum(['complete', 'continue', 'blocked', 'proposal']),
  summary: summary(),
  proposal: z.optional(z.nullable(proposal())),
})

const answer = z.pipe(
  flat.check((given) => {
    const { status, proposal: asked } = given.value
    const has = asked !== undefined && asked !== null
    if (has === (status === 'proposal')) return
    given.issues.push({
      code: 'custom',
      input: asked,
      path: ['proposal'],
      message: has ? `given with status "${status}"` : 'missing',
    })
  }),
  z.transform(({ status, summary: said, proposal: asked }): Answer =>
    status === 'proposal' ? { status, summary: said, proposal: asked! } : { status, summary: said },
  ),
)

export const workForm = answerForm<Answer>('work', answer, {
  unsaid: { status: 'complete', summary: '' },
  unspoken: { status: 'continue', summary: '' },
})

const quota = z.object({ resets_at: z.number().check(z.positive(), z.maximum(8.64e12)) })

/** Milliseconds since the epoch; null: it is not said in a way that can be read. */
export function readReset(file: string): number | null {
  const read = readAnswer(file, { schema: quota })
  return read.ok && read.value !== null ? read.value.resets_at * 1000 : null
}
