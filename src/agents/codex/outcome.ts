import { isObject } from '../../base/json.ts'
import { parseAnswer } from '../answer-form.ts'
import type { AnswerForm } from '../answer-form.ts'
import type { Outcome, QuotaWindow } from '../agent.ts'
import type { SessionFacts } from './session-rollouts.ts'

/** What was seen of a turn that ended by itself. */
export interface CodexEnd {
  readonly code: number | null
  readonly signal: string | null
  /** What its stream said last of the turn; null: nothing. */
  readonly turn: 'completed' | 'failed' | null
  /** It tried again before it gave up. */
  readonly hasRetried: boolean
  /** The last message; '' where there is none. */
  readonly message: string
  readonly facts: Pick<SessionFacts, 'error' | 'windows'>
}

/** From the stream, the exit and the rollout: never from a sentence. Pure. */
export function codexOutcome<A>(end: CodexEnd, form: AnswerForm<A>): Outcome<A> {
  if (end.turn === 'completed') return answered(end.message, form)
  if (end.turn === null) return { kind: 'crashed', code: end.code, signal: end.signal }
  const { error, windows } = end.facts
  if (error === 'usage_limit_exceeded') return { kind: 'quota', resetsAt: resetOf(windows) }
  const known = typeof error === 'string' ? BY_NAME[error] : isObject(error) ? byStatus(error) : undefined
  // Streams that broke off and requests that were refused have the same name; only the first kind is tried again.
  return known ?? { kind: end.hasRetried ? 'network' : 'rejected' }
}

function answered<A>(message: string, form: AnswerForm<A>): Outcome<A> {
  if (message.trim() === '')
    return form.unspoken === null
      ? { kind: 'unreadable', why: 'it ended without an answer' }
      : { kind: 'finished', answer: form.unspoken }
  const answer = parseAnswer(message, 'its last message', form)
  return answer.ok
    ? { kind: 'finished', answer: answer.value }
    : { kind: 'unreadable', why: answer.error.message }
}

const BY_NAME: Readonly<Record<string, Outcome<never>>> = {
  server_overloaded: { kind: 'overloaded' },
  internal_server_error: { kind: 'overloaded' },
  model_not_found: { kind: 'model-unknown' },
  context_window_exceeded: { kind: 'context-full' },
  session_budget_exceeded: { kind: 'budget' },
  unauthorized: { kind: 'signed-out' },
  cyber_policy: { kind: 'refused' },
}

/** `{"http_connection_failed": {"http_status_code": 401}}` and the like. */
function byStatus(error: Readonly<Record<string, unknown>>): Outcome<never> {
  const [detail] = Object.values(error)
  const status = isObject(detail) ? detail['http_status_code'] : null
  if (status === 401 || status === 403) return { kind: 'signed-out' }
  if (status === 429 || (typeof status === 'number' && status >= 500)) return { kind: 'overloaded' }
  return { kind: 'network' }
}

/** When the windows that are used up open again; null: nobody said. */
function resetOf(windows: readonly QuotaWindow[]): number | null {
  const times = windows.flatMap(({ usedPercent, resetsAt }) =>
    usedPercent >= 100 && resetsAt !== null ? [resetsAt] : [],
  )
  return times.length === 0 ? null : Math.max(...times)
}
