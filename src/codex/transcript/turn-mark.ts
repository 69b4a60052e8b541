import fs from 'node:fs'
import { isObject, parseJson } from '../../base/json.ts'
import type { Result } from '../../base/result.ts'
import { withTranscript } from './file.ts'
import { MAX_SEARCH_BYTES, searchBackwards } from './lines.ts'
import { timeOf } from './time-of.ts'

export interface TurnMark {
  /** What the last turn of this thread came to; null when no mark was found. */
  readonly state: 'working' | 'ended' | null
  /** Time of that mark, ms since the epoch. */
  readonly at: number | null
  /** When the transcript was last written, ms since the epoch. */
  readonly writtenAt: number
}

/**
 * Whether a thread is at work, by the last `task_started`, `task_complete` or `turn_aborted` in its transcript. They
 * are there also when a turn ended by an error or was closed, which no hook tells (measured on 0.169).
 * Failures: `missing`, `not-regular`, `io`.
 */
export function lastTurnMark(file: string): Result<TurnMark> {
  return withTranscript(file, (fd, size) => {
    let found: Pick<TurnMark, 'state' | 'at'> | null = null
    searchBackwards(fd, {
      needle: '"event_msg"',
      start: Math.max(0, size - MAX_SEARCH_BYTES),
      end: size,
      visit: (line) => (found = markOf(line)) !== null,
    })
    return {
      ...((found as Pick<TurnMark, 'state' | 'at'> | null) ?? { state: null, at: null }),
      writtenAt: fs.fstatSync(fd).mtimeMs,
    }
  })
}

const marks: Readonly<Record<string, 'working' | 'ended'>> = {
  task_started: 'working',
  task_complete: 'ended',
  turn_aborted: 'ended',
}

function markOf(line: string): Pick<TurnMark, 'state' | 'at'> | null {
  const json = parseJson(line, 'line')
  if (!json.ok || !isObject(json.value) || json.value['type'] !== 'event_msg') return null
  const event = json.value['payload']
  const type = isObject(event) ? event['type'] : undefined
  if (typeof type !== 'string' || !Object.hasOwn(marks, type)) return null
  const at = timeOf(json.value['timestamp'])
  return { state: marks[type] ?? null, at: Number.isNaN(at) ? null : at }
}
