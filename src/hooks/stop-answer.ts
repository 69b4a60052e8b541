import { isObject, parseJson } from '../base/json.ts'
import { never } from '../base/result.ts'
import type { HookAnswer } from '../codex/types.ts'
import { type StopRecord, hostOf, sessionOf } from '../ledger/events.ts'
import type { RunState } from '../ledger/state.ts'
import type { Judgement } from '../verdict/judgement.ts'
import { blockReason } from '../verdict/words/block.ts'
import { personMessage } from '../verdict/words/person.ts'
import { runSummary } from '../verdict/words/summary.ts'
import type { Voice } from '../verdict/words/voice.ts'
import { nothing } from './handled.ts'

/**
 * What Codex is told of a verdict. `refused`: requests of the agent that were not carried out; it was told "requested",
 * so whatever the verdict is, somebody hears of them.
 */
export function answerOf(
  judgement: Judgement,
  run: RunState,
  head: string,
  voice: Voice,
  refused: readonly string[],
): HookAnswer {
  const person = personMessage(judgement, run, head, sessionOf(run.activation), hostOf(run.activation))
  const forPerson = [...refused.map((why) => `A request of the agent was not carried out: ${why}`), person]
  const forAgent = (): string =>
    [
      ...refused.map((why) => `Your request was not carried out: ${why}`),
      blockReason(judgement, run, head, voice),
    ].join('\n\n')
  switch (judgement.verdict) {
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
      return never(judgement, 'verdict')
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
export function replay({ verdict, delivered }: StopRecord): HookAnswer {
  const { reason = '', answer = '' } = delivered ?? {}
  switch (verdict) {
    case 'release':
      return { kind: 'message', text: reason }
    case 'park':
      return { kind: 'end', stopReason: reason, systemMessage: reason }
    case 'block':
    case 'halt': {
      const told = parseJson(answer, 'the recorded answer')
      const person = told.ok && isObject(told.value) ? told.value['systemMessage'] : undefined
      return {
        kind: 'block',
        reason,
        ...(typeof person === 'string' ? { systemMessage: person } : {}),
      }
    }
    default:
      return never(verdict, 'verdict')
  }
}

/** Nobody is held: what a person reads of a run that was closed, parked or halted meanwhile; nothing of a paused one. */
export function letGo(run: RunState | undefined): HookAnswer {
  return run && run.status !== 'paused'
    ? { kind: 'message', text: `autonomous-loop: ${runSummary(run)}` }
    : nothing
}

/** The answer with something that the person is to know besides. */
export function withNote(answer: HookAnswer, note: string): HookAnswer {
  const before = (text: string | undefined): string => (text === undefined ? note : `${note}\n${text}`)
  switch (answer.kind) {
    case 'nothing':
      return { kind: 'message', text: note }
    case 'message':
      return { ...answer, text: before(answer.text) }
    case 'block':
      return { ...answer, reason: before(answer.reason) }
    case 'end':
      return { ...answer, stopReason: before(answer.stopReason) }
    case 'context':
      return { ...answer, systemMessage: before(answer.systemMessage) }
    default:
      return never(answer, 'answer')
  }
}
