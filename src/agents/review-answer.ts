import * as z from 'zod/mini'
import { type AnswerForm, answerForm } from './answer-form.ts'

/** `pass` lets the change go on, and nothing else does. */
export const REVIEW_VERDICTS = ['pass', 'fail', 'blocked', 'proposal'] as const
export type ReviewVerdict = (typeof REVIEW_VERDICTS)[number]

export const SEVERITIES = ['error', 'warning', 'note'] as const

/** What a reviewer says about one place. All of it is the agent's. */
export interface ReviewFinding {
  readonly severity: (typeof SEVERITIES)[number]
  /** From the top of the tree; null: of the change as a whole. */
  readonly file: string | null
  /** From 1; null: no line. Only for people: the quote says where. */
  readonly line: number | null
  /** To the letter, of the file with the change or before it; '' where there is none. */
  readonly quote: string
  readonly text: string
}

export interface ReviewAnswer {
  readonly verdict: ReviewVerdict
  readonly findings: readonly ReviewFinding[]
}

const schema = z.strictObject({
  verdict: z.enum(REVIEW_VERDICTS),
  findings: z
    .array(
      z.strictObject({
        severity: z.enum(SEVERITIES),
        file: z.nullable(z.string().check(z.maxLength(1024))),
        line: z.nullable(z.int().check(z.positive())),
        quote: z.string().check(z.maxLength(2000)),
        text: z.string().check(z.minLength(1), z.maxLength(4000)),
      }),
    )
    .check(z.maxLength(50)),
})

/** A reviewer that says nothing owes an answer: silence is no pass. */
export const reviewForm: AnswerForm<ReviewAnswer> = answerForm<ReviewAnswer>('review', schema)
