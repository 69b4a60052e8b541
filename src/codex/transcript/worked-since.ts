import { isObject, parseJson } from '../../base/json.ts'
import { withTranscript } from './file.ts'
import { MAX_SEARCH_BYTES, searchBackwards } from './lines.ts'

/**
 * Whether the agent called a tool behind this byte of its transcript: without one it changes nothing. Turns of a goal stand
 * there like any other, compactions and a person's own `!commands` call none (measured on 0.171). Null when nobody can tell:
 * there is no transcript, or it is shorter than it was.
 */
export function workedSince(file: string, bytes: number): boolean | null {
  const read = withTranscript(file, (fd, end) => {
    if (end < bytes) return null
    let called = false
    searchBackwards(fd, {
      needle: '_call"',
      start: Math.max(bytes, end - MAX_SEARCH_BYTES),
      end,
      visit: (line) => (called = isCall(line)),
    })
    return called
  })
  return read.ok ? read.value : null
}

/** `function_call`, `custom_tool_call`, `local_shell_call` and whatever else Codex calls by such a name. */
function isCall(text: string): boolean {
  const line = parseJson(text, 'line')
  if (!line.ok || !isObject(line.value) || line.value['type'] !== 'response_item') return false
  const { payload } = line.value
  const type = isObject(payload) ? payload['type'] : undefined
  return typeof type === 'string' && type.endsWith('_call')
}
