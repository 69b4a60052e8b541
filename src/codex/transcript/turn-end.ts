import { isObject, parseJson } from '../../base/json.ts'
import { withTranscript } from './file.ts'
import { MAX_SEARCH_BYTES, searchBackwards } from './lines.ts'
import { timeOf } from './time-of.ts'

/** How a turn ended, as Codex wrote it down (measured on 0.169 and 0.171). */
export type TurnEnd =
  | { readonly kind: 'interrupted' }
  /** The service or the connection failed. */
  | { readonly kind: 'error'; readonly message: string }
  /** By itself: a Stop hook was to be asked. */
  | { readonly kind: 'completed' }
  /** In plan mode, which is not judged. */
  | { readonly kind: 'plan' }

/**
 * The end of a turn: of the one with this id, or, where no id is known, of the first that ended at or after `since` (ms).
 * Null when none is on record: it goes on, or Codex was ended in the middle of it.
 */
export function turnEnd(file: string, turnId: string | null, since: number): TurnEnd | null {
  let end: TurnEnd | null = null
  let id = turnId
  withTranscript(file, (fd, size) =>
    searchBackwards(fd, {
      needle: turnId === null ? '"event_msg"' : `"${turnId}"`,
      start: Math.max(0, size - MAX_SEARCH_BYTES),
      end: size,
      visit: (text) => {
        const mark = markOf(text)
        if (!mark || (turnId !== null && mark.turnId !== turnId)) return false
        if (mark.end && mark.at >= since) {
          end = mark.end
          id = mark.turnId
        }
        if (!mark.end && end && mark.turnId === id && mark.isPlan) end = { kind: 'plan' }
        return turnId === null ? mark.at < since : !mark.end
      },
    }),
  )
  return end
}

interface Mark {
  readonly turnId: string | null
  /** NaN for what has no time. */
  readonly at: number
  /** Null for the beginning of a turn. */
  readonly end: TurnEnd | null
  readonly isPlan: boolean
}

function markOf(text: string): Mark | null {
  // Cheaper than to parse every line: most are long and none of these.
  if (!/"(?:task_started|task_complete|turn_aborted)"/.test(text)) return null
  const line = parseJson(text, 'line')
  if (!line.ok || !isObject(line.value) || line.value['type'] !== 'event_msg') return null
  const { payload, timestamp } = line.value
  if (!isObject(payload)) return null
  const { type, error } = payload
  const ends: Readonly<Record<string, TurnEnd | null>> = {
    task_started: null,
    turn_aborted: { kind: 'interrupted' },
    task_complete: isObject(error)
      ? { kind: 'error', message: typeof error['message'] === 'string' ? error['message'] : 'unknown' }
      : { kind: 'completed' },
  }
  if (typeof type !== 'string' || !Object.hasOwn(ends, type)) return null
  const isPlan = payload['collaboration_mode_kind'] === 'plan'
  const turnId = typeof payload['turn_id'] === 'string' ? payload['turn_id'] : null
  return { turnId, at: timeOf(timestamp), end: ends[type] ?? null, isPlan }
}
