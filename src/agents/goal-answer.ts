import * as z from 'zod/mini'
import { answerForm } from './answer-form.ts'

/** What the worker of a goal says of an iteration. All of it is claimed: only gates prove anything. */
export interface GoalAnswer {
  readonly summary: string
  /** What the next iteration is to do; '': the same goal goes on. */
  readonly nextGoal: string
  /** It wants no further iteration, and `reason` says why. */
  readonly stop: boolean
  readonly reason: string
  readonly evidence: string
  /** Nothing of the plan is left to do. */
  readonly completed: boolean
}

const text = () => z.string().check(z.maxLength(20_000))
const maybe = () => z.optional(z.nullable(text()))
/** "true" is a word and no yes. */
const yes = () => z.optional(z.nullable(z.boolean()))

/** The names of the fields are those that users of codex-self-iter know. */
export const goalForm = answerForm<GoalAnswer>(
  'goal',
  z.pipe(
    z.strictObject({
      summary: text(),
      next_goal: maybe(),
      stop: yes(),
      reason: maybe(),
      evidence: maybe(),
      completed: yes(),
    }),
    z.transform((given): GoalAnswer => ({
      summary: given.summary,
      nextGoal: given.next_goal ?? '',
      stop: given.stop ?? false,
      reason: given.reason ?? '',
      evidence: given.evidence ?? '',
      completed: given.completed ?? false,
    })),
  ),
)
