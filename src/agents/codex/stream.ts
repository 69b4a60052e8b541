import { type JsonObject, isObject, parseJson } from '../../base/json.ts'

/** What a line of `codex exec --json` says, as far as it is of use. */
export type StreamEvent =
  | { readonly kind: 'thread'; readonly id: string }
  | { readonly kind: 'message'; readonly text: string }
  /** Something is at work whose end is told as well: a command, a tool, a sub-agent that is waited for. */
  | { readonly kind: 'began' | 'ended'; readonly item: string }
  | { readonly kind: 'completed' }
  /** In its own words, for a person. */
  | { readonly kind: 'failed'; readonly text: string }
  /** A retry, or what the turn fails with. */
  | { readonly kind: 'error' }
  | { readonly kind: 'other' }

/** Items that take as long as what they run. */
const RUNS = new Set(['command_execution', 'mcp_tool_call', 'web_search'])

/** Null: no line of the stream. */
export function streamEvent(line: string): StreamEvent | null {
  const json = parseJson(line, 'line')
  if (!json.ok || !isObject(json.value)) return null
  const event = json.value
  switch (event['type']) {
    case 'thread.started':
      return typeof event['thread_id'] === 'string' ? { kind: 'thread', id: event['thread_id'] } : null
    case 'turn.completed':
      return { kind: 'completed' }
    case 'turn.failed':
      return { kind: 'failed', text: wordsOf(event['error']) }
    case 'error':
      return { kind: 'error' }
    case 'item.started':
    case 'item.updated':
    case 'item.completed':
      return isObject(event['item']) ? itemEvent(event['type'], event['item']) : null
    default:
      return { kind: 'other' }
  }
}

/** Of an answer that it does not understand Codex passes on the whole body. */
function wordsOf(error: unknown): string {
  const said = isObject(error) ? error['message'] : null
  if (typeof said !== 'string') return ''
  const json = parseJson(said, 'error')
  const body = json.ok && isObject(json.value) ? json.value['error'] : null
  const message = isObject(body) ? body['message'] : null
  return typeof message === 'string' ? message : said
}

function itemEvent(type: string, item: JsonObject): StreamEvent {
  const { id, text } = item
  if (item['type'] === 'agent_message' && type === 'item.completed' && typeof text === 'string')
    return { kind: 'message', text }
  if (typeof id !== 'string' || !RUNS.has(String(item['type'])) || type === 'item.updated')
    return { kind: 'other' }
  return { kind: type === 'item.started' ? 'began' : 'ended', item: id }
}
