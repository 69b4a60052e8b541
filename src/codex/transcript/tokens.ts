import { isObject, parseJson } from '../../base/json.ts'
import { withTranscript } from './file.ts'
import { MAX_SEARCH_BYTES, searchBackwards } from './lines.ts'
import { timeOf } from './time-of.ts'

/**
 * Tokens this thread used since a moment (ms since the epoch), from Codex's own running totals (`token_count` lines,
 * 0.169 and 0.171). Null when the transcript has none. Reads backwards, at most 64 MB: what was used before that far
 * back is not counted, so the figure is never too high.
 */
export function tokensSince(file: string, since: number): number | null {
  const read = withTranscript(file, (fd, size) => {
    const start = Math.max(0, size - MAX_SEARCH_BYTES)
    let last: number | null = null
    let earliest = 0
    let before: number | null = null
    searchBackwards(fd, {
      needle: '"token_count"',
      start,
      end: size,
      visit: (line) => {
        const count = countOf(line)
        if (!count) return false
        last ??= count.total
        earliest = count.total
        if (count.at < since) before = count.total
        return before !== null
      },
    })
    return last === null ? null : Math.max(0, last - (before ?? (start > 0 ? earliest : 0)))
  })
  return read.ok ? read.value : null
}

function countOf(line: string): { total: number; at: number } | null {
  const json = parseJson(line, 'line')
  const event = json.ok && isObject(json.value) ? json.value : null
  const payload = event?.['payload']
  const info = isObject(payload) && payload['type'] === 'token_count' ? payload['info'] : null
  const usage = isObject(info) ? info['total_token_usage'] : null
  const total = isObject(usage) ? usage['total_tokens'] : null
  const at = timeOf(event?.['timestamp'])
  return typeof total === 'number' && !Number.isNaN(at) ? { total, at } : null
}
