import { type JsonObject, isObject, parseJson } from '../../base/json.ts'

/** What a line of `--output-format stream-json` says, as far as it is of use. */
export type StreamEvent =
  | { readonly kind: 'init'; readonly id: string }
  /** A piece of what the model says. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'began' | 'ended'; readonly call: string }
  /** In words, for a person. */
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'result'; readonly hasFailed: boolean; readonly text: string; readonly tokens: number }
  | { readonly kind: 'other' }

/** Null: not a line of the stream. */
export function streamEvent(line: string): StreamEvent | null {
  const json = parseJson(line, 'line')
  return json.ok && isObject(json.value) ? eventOf(json.value) : null
}

function eventOf(event: JsonObject): StreamEvent | null {
  switch (event['type']) {
    case 'init':
      return { kind: 'init', id: text(event['session_id']) }
    case 'message':
      return event['role'] === 'assistant'
        ? { kind: 'text', text: text(event['content']) }
        : { kind: 'other' }
    case 'tool_use':
      return { kind: 'began', call: text(event['tool_id']) }
    case 'tool_result':
      return { kind: 'ended', call: text(event['tool_id']) }
    case 'error':
      return { kind: 'error', text: text(event['message']) }
    case 'result':
      return {
        kind: 'result',
        hasFailed: event['status'] !== 'success',
        text: wordsOf(event['error']),
        tokens: tokensIn(event['stats']),
      }
    default:
      return { kind: 'other' }
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Of this process, sub-agents among them. */
function tokensIn(stats: unknown): number {
  const total = isObject(stats) ? stats['total_tokens'] : null
  return typeof total === 'number' ? total : 0
}

/** What the service said is passed on as its whole body, in brackets. */
function wordsOf(error: unknown): string {
  const said = text(isObject(error) ? error['message'] : null)
  const [, body = ''] = /^\[API Error: (\{[^]*\})\]/.exec(said) ?? []
  const json = parseJson(body, 'error')
  const inner = json.ok && isObject(json.value) ? json.value['error'] : null
  return (isObject(inner) && text(inner['message'])) || said
}
