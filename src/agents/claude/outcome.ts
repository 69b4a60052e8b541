import { type JsonObject, isObject } from '../../base/json.ts'
import * as z from 'zod/mini'
import type { AnswerForm } from '../answer-form.ts'
import type { Outcome } from '../agent.ts'

/** What was seen of a turn that ended by itself. */
export interface ClaudeEnd {
  readonly code: number | null
  readonly signal: string | null
  /** The last event of its stream; null: there was none. */
  readonly result: JsonObject | null
  /** The kind of failure that the last answer was, in the program's own word; null: it was one. */
  readonly error: string | null
  /** When the quota that refused it opens again, as far as the service said so. */
  readonly resetsAt: number | null
}

/** From the stream and the exit: never from a sentence. Pure. */
export function claudeOutcome<A>(end: ClaudeEnd, form: AnswerForm<A>): Outcome<A> {
  const { code, signal, result } = end
  if (result === null) return { kind: 'crashed', code, signal }
  if (result['is_error'] === true) return failureOf(end, result) ?? { kind: 'crashed', code, signal }
  // Whoever ended it may have left it time for a result.
  if (code !== 0) return { kind: 'crashed', code, signal }
  return answered(result, form)
}

/** A model that ends in prose is reminded once, and then has left no answer. */
function answered<A>(
  { structured_output: given, result: said }: JsonObject,
  form: AnswerForm<A>,
): Outcome<A> {
  if (!isObject(given)) {
    const isSilent = typeof said !== 'string' || said.trim() === ''
    return isSilent && form.unspoken !== null
      ? { kind: 'finished', answer: form.unspoken }
      : { kind: 'unreadable', why: 'it ended without its answer in the form that was asked for' }
  }
  const read = z.safeParse(form.schema, given)
  if (read.success) return { kind: 'finished', answer: read.data }
  const [issue] = read.error.issues
  return { kind: 'unreadable', why: `its answer ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` }
}

function failureOf({ error, resetsAt }: ClaudeEnd, result: JsonObject): Outcome<never> | null {
  const { terminal_reason: reason, stop_reason: stop, api_error: kind, api_error_status: status } = result
  if (stop === 'refusal') return { kind: 'refused' }
  if (kind === 'usage_limit_reached') return { kind: 'quota', resetsAt }
  const known =
    BY_REASON[String(reason)] ?? BY_KIND[String(kind)] ?? BY_ERROR[error ?? ''] ?? byStatus(status)
  // Of a request that was refused nothing else is known.
  return known ?? (reason === 'api_error' || reason === 'image_error' ? { kind: 'rejected' } : null)
}

const BY_REASON: Readonly<Record<string, Outcome<never>>> = {
  prompt_too_long: { kind: 'context-full' },
  // Seen before any request is made.
  blocking_limit: { kind: 'context-full' },
  budget_exhausted: { kind: 'budget' },
  structured_output_retry_exhausted: {
    kind: 'unreadable',
    why: 'it never gave an answer in the form that was asked for',
  },
}

const BY_KIND: Readonly<Record<string, Outcome<never>>> = {
  connection_failed: { kind: 'network' },
  // Also what a window is called that is full.
  max_output_tokens: { kind: 'context-full' },
}

const BY_ERROR: Readonly<Record<string, Outcome<never>>> = {
  authentication_failed: { kind: 'signed-out' },
  billing_error: { kind: 'quota', resetsAt: null },
  model_not_found: { kind: 'model-unknown' },
}

function byStatus(status: unknown): Outcome<never> | undefined {
  if (typeof status !== 'number') return undefined
  if (status === 401 || status === 403) return { kind: 'signed-out' }
  if (status === 402) return { kind: 'quota', resetsAt: null }
  if (status === 408) return { kind: 'network' }
  return status === 429 || status >= 500 ? { kind: 'overloaded' } : undefined
}
