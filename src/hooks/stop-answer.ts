import { isObject, parseJson } from '../base/json.ts'
import { never } from '../base/result.ts'
import type { HookAnswer } from '../codex/types.ts'
import type { StopRecord } from '../ledger/events.ts'
import type { RunState } from '../ledger/state.ts'
import type { Decision } from '../verdict/decide.ts'
import type { Facts } from '../verdict/facts.ts'
import { type WordsContext, blockReason } from '../verdict/words/block.ts'
import { personMessage } from '../verdict/words/person.ts'
import { runSummary } from '../verdict/words/summary.ts'
import { nothing } from './handled.ts'

/**
 * What Codex is told of a verdict. `refused`: requests of the agent that were not carried out; it was told "requested",
 * so whatever the verdict is, somebody hears of them.
 */
export function answerOf(
  decision: Decision,
  facts: Facts,
  run: RunState,
  words: WordsContext,
  refused: readonly string[],
): HookAnswer {
  const person = personMessage(decision, facts, run, words.head)
  const forPerson = [...refused.map((why) => `A request of the agent was not carried out: ${why}`), person]
  const forAgent = (): string =>
    [
      ...refused.map((why) => `Your request was not carried out: ${why}`),
      blockReason(decision, facts, run, words),
    ].join('\n\n')
  switch (decision.verdict) {
    case 'release':
      return { kind: 'message', text: forPerson.join('\n') }
    case 'park':
      return { kind: 'end', stopReason: forPerson.join('\n'), systemMessage: forPerson.join('\n') }
    case 'halt':
      // Announced by a last block: `codex exec` shows nobody a stopReason.
      return { kind: 'block', reason: forAgent(), systemMessage: person }
    case 'block':
      return { kind: 'block', reason: forAgent() }
    default:
      return never(decision, 'verdict')
  }
}

/** The words of an answer, as the record keeps them. */
export function wordsOf(answer: HookAnswer): string {
  switch (answer.kind) {
    case 'block':
      return answer.reason
    case 'end':
      return answer.stopReason
    case 'message':
    case 'context':
      return answer.text
    case 'nothing':
      return ''
    default:
      return never(answer, 'answer')
  }
}

/** The answer that was recorded, for the second caller of the same stop. */
export function replay(record: StopRecord): HookAnswer {
  switch (record.verdict) {
    case 'release':
      return { kind: 'message', text: record.reason }
    case 'park':
      return { kind: 'end', stopReason: record.reason, systemMessage: record.reason }
    case 'block':
    case 'halt': {
      const told = parseJson(record.answer, 'the recorded answer')
      const person = told.ok && isObject(told.value) ? told.value['systemMessage'] : undefined
      return {
        kind: 'block',
        reason: record.reason,
        ...(typeof person === 'string' ? { systemMessage: person } : {}),
      }
    }
    default:
      return never(record.verdict, 'verdict')
  }
}

/** Nobody is held: what a person reads of a run that was closed, parked or halted meanwhile; nothing of a paused one. */
export function letGo(run: RunState | undefined): HookAnswer {
  return run && run.status !== 'paused'
    ? { kind: 'message', text: `autonomous-loop: ${runSummary(run)}` }
    : nothing
}
