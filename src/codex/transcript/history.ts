import { type JsonObject, isObject, parseJson } from '../../base/json.ts'
import type { Result } from '../../base/result.ts'
import { readSpan, withTranscript } from './file.ts'
import { MAX_LINE_BYTES } from './lines.ts'
import { timeOf } from './time-of.ts'

const CHUNK_BYTES = 1024 * 1024
const MAX_BYTES = 1024 * 1024 * 1024
const MAX_ENTRIES = 500_000
const MAX_TEXT = 20_000

/** What a transcript tells about a session from outside our own records. Times are ms since the epoch. */
export interface History {
  /** Texts that hooks gave to the model (blocks), oldest first. */
  readonly hookTexts: readonly { readonly at: number; readonly text: string }[]
  /** Texts for the model that are not of the person: contexts of hooks among them. */
  readonly developerTexts: readonly { readonly at: number; readonly text: string }[]
  /** Tool calls of the agent; `end` is when their output came, null when none did. */
  readonly calls: readonly { readonly at: number; readonly end: number | null; readonly text: string }[]
  /** When the agent said or did something, when a hook made it go on, when turns began and ended. In order. */
  readonly moments: readonly { readonly at: number; readonly what: 'work' | 'hook' | 'start' | 'end' }[]
  /** Whether it ended at a limit (1 GB, half a million entries); what follows is not known. */
  readonly cut: boolean
}

/** Reads a transcript from its beginning, in pieces; lines over 4 MB are passed over. Failures: `missing`, `not-regular`, `io`. */
export function readHistory(file: string): Result<History> {
  return withTranscript(file, (fd, size) => {
    const history = new Collector()
    const end = Math.min(size, MAX_BYTES)
    let rest: Buffer = Buffer.alloc(0)
    let skipping = false
    for (let at = 0; at < end && !history.full; at += CHUNK_BYTES) {
      const chunk = Buffer.concat([rest, readSpan(fd, at, Math.min(end, at + CHUNK_BYTES))])
      let start = 0
      for (let line = chunk.indexOf(10, start); line >= 0; line = chunk.indexOf(10, start)) {
        if (!skipping) history.take(chunk.toString('utf8', start, line))
        skipping = false
        start = line + 1
      }
      rest = Buffer.from(chunk.subarray(start))
      if (rest.length > MAX_LINE_BYTES) {
        rest = Buffer.alloc(0)
        skipping = true
      }
    }
    return { ...history.result(), cut: history.full || end < size }
  })
}

class Collector {
  readonly #hookTexts: { at: number; text: string }[] = []
  readonly #developerTexts: { at: number; text: string }[] = []
  readonly #calls: { at: number; end: number | null; text: string }[] = []
  readonly #moments: { at: number; what: 'work' | 'hook' | 'start' | 'end' }[] = []
  readonly #open = new Map<string, { end: number | null }>()

  get full(): boolean {
    return this.#moments.length + this.#calls.length > MAX_ENTRIES
  }

  result(): Omit<History, 'cut'> {
    return {
      hookTexts: this.#hookTexts,
      developerTexts: this.#developerTexts,
      calls: this.#calls,
      moments: this.#moments,
    }
  }

  take(line: string): void {
    const json = parseJson(line, 'line')
    if (!json.ok || !isObject(json.value) || !isObject(json.value['payload'])) return
    const at = timeOf(json.value['timestamp'])
    if (Number.isNaN(at)) return
    if (json.value['type'] === 'event_msg') this.#event(at, json.value['payload'])
    else if (json.value['type'] === 'response_item') this.#item(at, json.value['payload'])
  }

  #event(at: number, { type }: JsonObject): void {
    if (type === 'task_started') this.#moments.push({ at, what: 'start' })
    if (type === 'task_complete' || type === 'turn_aborted') this.#moments.push({ at, what: 'end' })
  }

  #item(at: number, item: JsonObject): void {
    const id = typeof item['call_id'] === 'string' ? item['call_id'] : ''
    switch (item['type']) {
      case 'message':
        return this.#message(at, item['role'], textOf(item['content']))
      case 'function_call':
      case 'custom_tool_call':
      case 'local_shell_call': {
        const call = {
          at,
          end: null,
          text: clip(plain(item['arguments'] ?? item['input'] ?? item['action'])),
        }
        this.#calls.push(call)
        this.#open.set(id, call)
        this.#moments.push({ at, what: 'work' })
        return
      }
      case 'function_call_output':
      case 'custom_tool_call_output': {
        const call = this.#open.get(id)
        if (call) call.end = at
        this.#open.delete(id)
        return
      }
      default:
    }
  }

  #message(at: number, role: unknown, text: string): void {
    if (role === 'assistant') this.#moments.push({ at, what: 'work' })
    else if (role === 'developer') this.#developerTexts.push({ at, text: clip(text) })
    else if (role === 'user' && text.startsWith('<hook_prompt ')) {
      this.#hookTexts.push({ at, text: clip(text) })
      this.#moments.push({ at, what: 'hook' })
    }
  }
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return plain(content)
  return content.map((part) => (isObject(part) ? plain(part['text']) : '')).join('\n')
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}

function clip(text: string): string {
  return text.slice(0, MAX_TEXT)
}
