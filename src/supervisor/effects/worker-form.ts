import * as z from 'zod/mini'
import type { Outcome } from '../../agents/agent.ts'
import { type Answer, workForm } from '../../agents/answer.ts'
import type { AnswerForm } from '../../agents/answer-form.ts'
import { type GoalAnswer, goalForm } from '../../agents/goal-answer.ts'

/** What a worker said, as the engine goes by it, and all of what the worker of a goal said. */
interface Said {
  readonly answer: Answer
  readonly claim?: GoalAnswer
}

const ofItem = mapped(workForm, (answer): Said => ({ answer }))
/** Whatever it claims, its work is judged. */
const ofGoal = mapped(goalForm, (claim): Said => ({
  answer: { status: 'complete', summary: claim.summary },
  claim,
}))

export const workerForm = (isGoal: boolean): AnswerForm<Said> => (isGoal ? ofGoal : ofItem)

/** How a turn ended, for the ledger. Pure. */
export function saidIn(ended: Outcome<Said>): { readonly outcome: Outcome; readonly claim?: GoalAnswer } {
  if (ended.kind !== 'finished') return { outcome: ended }
  const { answer, ...claimed } = ended.answer
  return { outcome: { kind: 'finished', answer }, ...claimed }
}

function mapped<A>(form: AnswerForm<A>, change: (given: A) => Said): AnswerForm<Said> {
  return {
    name: form.name,
    schema: z.pipe(form.schema, z.transform(change)),
    jsonSchema: form.jsonSchema,
    unsaid: form.unsaid === null ? null : change(form.unsaid),
    unspoken: form.unspoken === null ? null : change(form.unspoken),
  }
}
