import * as z from 'zod/mini'
import { type AnswerForm, answerForm } from './answer-form.ts'

/** How an item is to be done, as one agent says it to another. All of it is the agent's. */
export interface WorkPlanAnswer {
  readonly plan: string
}

/** It stands in the prompts of others, so it stays short. In UTF-16 units. */
const MOST_PLAN = 30_000

/** A planner that says nothing owes a plan. */
export const workPlanForm: AnswerForm<WorkPlanAnswer> = answerForm<WorkPlanAnswer>(
  'work-plan',
  z.strictObject({ plan: z.string().check(z.regex(/\S/), z.maxLength(MOST_PLAN)) }),
)
