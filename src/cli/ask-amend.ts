import type { Result } from '../base/result.ts'
import { oneLine } from '../base/text.ts'
import type { AcceptableDifference } from '../definition/drift.ts'
import { differenceWords } from '../verdict/words/definition.ts'
import { confirm } from './ask.ts'
import { indented } from './render/doc.ts'

/** Shows on the terminal what an open run would have to take over, and asks; `left` as `confirm` has it. */
export function askAmend(
  objective: string,
  drift: AcceptableDifference,
  question: string,
  left: string,
): Promise<Result<boolean>> {
  const changes = indented(differenceWords(drift), 2).join('\n')
  return confirm(
    `The open run "${oneLine(objective, 100)}" was frozen before this:\n${changes}\n${question}`,
    left,
  )
}
