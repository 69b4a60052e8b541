import * as z from 'zod/mini'
import { type AnswerForm, answerForm } from '../../agents/answer-form.ts'
import { evidenceKinds } from '../../contract/evidence-kinds.ts'
import type { EvidenceKind } from '../../contract/types.ts'

/** What a planner answers. Nothing of it is believed: items are made of it, and linted as any others. */
export interface PlanAnswer {
  readonly items: readonly PlannedDraft[]
  /** Checks that the config has no command for, in the planner's words. */
  readonly lacking: readonly string[]
}

export interface PlannedDraft {
  /** By which other drafts name it. */
  readonly key: string
  readonly title: string
  readonly text: string
  readonly scope: readonly string[]
  /** Keys of drafts, and numbers of items that are there. */
  readonly after: readonly string[]
  readonly exclusive: readonly string[]
  readonly tasks: readonly { readonly title: string; readonly evidence: readonly PlannedEvidence[] }[]
}

/** Fields that its kind does not have are null, or left out. */
export interface PlannedEvidence {
  readonly kind: EvidenceKind
  readonly path?: string | null | undefined
  readonly glob?: string | null | undefined
  readonly min?: number | null | undefined
  readonly pattern?: string | null | undefined
  readonly absent?: boolean | null | undefined
  readonly name?: string | null | undefined
}

/** What a critic answers. */
export interface CriticAnswer {
  readonly verdict: 'pass' | 'fail'
  readonly findings: readonly CriticFinding[]
}

export interface CriticFinding {
  /** A key; null: of the drafts together. */
  readonly item: string | null
  /** The name of a planning fault, or a word of its own. */
  readonly fault: string
  readonly text: string
}

/** More than a person reads before saying yes. */
const MOST_ITEMS = 50

const line = (most = 300) => z.string().check(z.minLength(1), z.maxLength(most))
const lines = (most: number) => z.array(line(1024)).check(z.maxLength(most))
const given = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema))

const evidence = z.strictObject({
  kind: z.enum(Object.keys(evidenceKinds) as [EvidenceKind]),
  path: given(z.string()),
  glob: given(z.string()),
  min: given(z.int()),
  pattern: given(z.string()),
  absent: given(z.boolean()),
  name: given(z.string()),
})

const draft = z.strictObject({
  key: line(60),
  title: line(),
  text: z.string().check(z.maxLength(50_000)),
  scope: lines(200),
  after: lines(200),
  exclusive: lines(50),
  tasks: z
    .array(
      z.strictObject({ title: line(), evidence: z.array(evidence).check(z.minLength(1), z.maxLength(50)) }),
    )
    .check(z.maxLength(20)),
})

export const planForm: AnswerForm<PlanAnswer> = answerForm<PlanAnswer>(
  'plan',
  z.strictObject({
    items: z.array(draft).check(z.minLength(1), z.maxLength(MOST_ITEMS)),
    lacking: lines(50),
  }),
)

export const criticForm: AnswerForm<CriticAnswer> = answerForm<CriticAnswer>(
  'criticism',
  z.strictObject({
    verdict: z.enum(['pass', 'fail']),
    findings: z
      .array(z.strictObject({ item: z.nullable(line(60)), fault: line(60), text: line(4000) }))
      .check(z.maxLength(100)),
  }),
)
