import { type JsonObject, isObject, parseJson } from '../../base/json.ts'
import type { QuotaWindow } from '../agent.ts'

/** What a line of `--output-format stream-json` says, as far as it is of use. */
export type StreamEvent =
  | { readonly kind: 'begun'; readonly id: string }
  | {
      readonly kind: 'said'
      readonly text: string
      /** Tools that it calls now. */
      readonly calls: readonly string[]
      /** The kind of failure that took the place of an answer, in the program's own word. */
      readonly error: string | null
    }
  /** Tools that have answered. */
  | { readonly kind: 'answered'; readonly calls: readonly string[] }
  | { readonly kind: 'limits'; readonly resetsAt: number | null; readonly windows: readonly QuotaWindow[] }
  | { readonly kind: 'result'; readonly result: JsonObject }
  /** A piece of an answer that is told again as a whole. */
  | { readonly kind: 'piece' }
  | { readonly kind: 'other' }

/** A sub-agent speaks in the stream itself. */
const SPEAKS = new Set(['Agent', 'Task'])

/** Null: no line of the stream. */
export function streamEvent(line: string): StreamEvent | null {
  const json = parseJson(line, 'line')
  if (!json.ok || !isObject(json.value)) return null
  const event = json.value
  switch (event['type']) {
    case 'system': {
      const { subtype, session_id: id } = event
      return subtype === 'init' && typeof id === 'string' ? { kind: 'begun', id } : { kind: 'other' }
    }
    case 'assistant': {
      const parts = partsOf(event)
      const { error } = event
      return {
        kind: 'said',
        text: parts
          .flatMap(({ type, text }) => (type === 'text' && typeof text === 'string' ? [text] : []))
          .join('\n'),
        calls: parts.flatMap(({ type, id, name }) =>
          type === 'tool_use' && typeof id === 'string' && !SPEAKS.has(String(name)) ? [id] : [],
        ),
        error: typeof error === 'string' ? error : null,
      }
    }
    case 'user':
      return {
        kind: 'answered',
        calls: partsOf(event).flatMap(({ tool_use_id: id }) => (typeof id === 'string' ? [id] : [])),
      }
    case 'rate_limit_event':
      return isObject(event['rate_limit_info']) ? limitsOf(event['rate_limit_info']) : { kind: 'other' }
    case 'result':
      return { kind: 'result', result: event }
    case 'stream_event':
      return { kind: 'piece' }
    default:
      return { kind: 'other' }
  }
}

function partsOf({ message }: JsonObject): readonly JsonObject[] {
  const content: unknown = isObject(message) ? message['content'] : null
  return Array.isArray(content) ? content.filter(isObject) : []
}

const MINUTES: Readonly<Record<string, number>> = { five_hour: 300, seven_day: 7 * 24 * 60 }

/** Times are seconds there, and shares of one. */
function limitsOf({ status, resetsAt, unifiedWindows: windows }: JsonObject): StreamEvent {
  const known = isObject(windows) ? Object.entries(windows) : []
  return {
    kind: 'limits',
    resetsAt: status === 'rejected' ? msOf(resetsAt) : null,
    windows: known.flatMap(([name, window]): QuotaWindow[] => {
      if (!isObject(window) || typeof window['utilization'] !== 'number') return []
      return [
        {
          usedPercent: window['utilization'] * 100,
          resetsAt: msOf(window['resetsAt']),
          windowMinutes: MINUTES[name] ?? null,
        },
      ]
    }),
  }
}

const msOf = (seconds: unknown): number | null => (typeof seconds === 'number' ? seconds * 1000 : null)
