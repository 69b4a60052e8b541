import type { AnswerForm } from '../answer-form.ts'
import type { Outcome } from '../agent.ts'
import { didNotBegin } from '../could-not-start.ts'
import { spokenAnswer } from '../spoken-answer.ts'
import type { ErrorReport } from './error-report.ts'

/** For people. */
export const NAME = 'Gemini'

/** What was seen of a turn that ended by itself. */
export interface GeminiEnd {
  readonly code: number | null
  readonly signal: string | null
  /** It had a conversation. */
  readonly hasBegun: boolean
  /** What its stream said last; null: nothing. A TERM from elsewhere ends it with 0 and without this. */
  readonly result: 'success' | 'failed' | null
  readonly message: string
  /** Its stream told an error before that. */
  readonly hasErred: boolean
  readonly report: ErrorReport | null
  /** For a person. */
  readonly errors: string
}

/** From the stream, the exit code and the report of the error: never from a sentence. Pure. */
export function geminiOutcome<A>(end: GeminiEnd, form: AnswerForm<A>): Outcome<A> {
  if (end.code === 0 && end.result !== null) return answered(end, form)
  return byCode(end) ?? { kind: 'crashed', code: end.code, signal: end.signal }
}

function answered<A>(end: GeminiEnd, form: AnswerForm<A>): Outcome<A> {
  const { result, message, hasErred, errors } = end
  if (message.trim() !== '' && result === 'success') return spokenAnswer(message, form)
  // An answer of the model that is empty, cut or blocked is an error; which of these is said in prose alone. Without one it never asked:
  // it counts tokens before, and ends the turn without a word where they are too many.
  return result === 'failed' || hasErred
    ? { kind: 'unreadable', why: fewWords(errors) }
    : { kind: 'context-full' }
}

/** Codes of its own, and those of services: the status modulo 256. */
function byCode(end: GeminiEnd): Outcome<never> | null {
  const { code, hasBegun, result, report, errors } = end
  switch (code) {
    case 41:
      return { kind: 'signed-out' }
    case 53:
      return { kind: 'budget' }
    case 44:
    case 52:
    case 55:
      return didNotBegin(NAME, errors)
    case null:
    case 0:
      return null
    default:
      if (code >= 400 - 256 && code <= 255) return byStatus(code + 256, report)
      if (code < 128 && !hasBegun) return didNotBegin(NAME, errors)
      return code === 1 && result === 'failed' && report !== null ? withoutStatus(report) : null
  }
}

const KEY_REASONS = new Set(['API_KEY_INVALID', 'API_KEY_EXPIRED', 'API_KEY_SERVICE_BLOCKED'])

function byStatus(status: number, report: ErrorReport | null): Outcome<never> {
  if (status === 401 || status === 403) return { kind: 'signed-out' }
  // Nobody says until when.
  if (report?.name === 'TerminalQuotaError' && status < 500) return { kind: 'quota', resetsAt: null }
  if (status === 429 || status === 499 || status >= 500) return { kind: 'overloaded' }
  if (status === 408) return { kind: 'network' }
  if (status === 413) return { kind: 'context-full' }
  return report?.reasons.some((one) => KEY_REASONS.has(one)) === true
    ? { kind: 'signed-out' }
    : { kind: 'rejected' }
}

/** The service gave no status, or one that Gemini made an error of its own of. */
const withoutStatus = ({ name }: ErrorReport): Outcome<never> =>
  name === 'ModelNotFoundError' ? { kind: 'model-unknown' } : { kind: 'network' }

const MOST_WORDS = 1500
const fewWords = (said: string): string => said.trim().slice(0, MOST_WORDS)
