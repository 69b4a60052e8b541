import { type JsonObject, isObject, parseJson } from '../../base/json.ts'
import { withTranscript } from './file.ts'
import { MAX_SEARCH_BYTES, searchBackwards } from './lines.ts'

/** Whether the last turn began in plan mode, which no payload tells (measured on 0.169). */
export function isPlanTurn(file: string): boolean {
  const started = lastPayload(file, '"task_started"', (payload) => payload['type'] === 'task_started')
  return started?.['collaboration_mode_kind'] === 'plan'
}

/** Whether this turn is at work already: a prompt that comes then is a steer. Its first prompt finds nothing but its start. */
export function isUnderWay(file: string, turnId: string): boolean {
  const last = lastPayload(file, `"${turnId}"`, (payload) => payload['turn_id'] === turnId)
  return last !== null && last['type'] !== 'task_started' && !('collaboration_mode' in last)
}

/** Of the last line that is as asked for; a line's own members only, since what tools print stands in a transcript as well. */
function lastPayload(
  file: string,
  needle: string,
  wanted: (payload: JsonObject) => boolean,
): JsonObject | null {
  let found: JsonObject | null = null
  withTranscript(file, (fd, end) =>
    searchBackwards(fd, {
      needle,
      start: Math.max(0, end - MAX_SEARCH_BYTES),
      end,
      visit: (text) => {
        const line = parseJson(text, 'line')
        const payload = line.ok && isObject(line.value) ? line.value['payload'] : null
        if (isObject(payload) && wanted(payload)) found = payload
        return found !== null
      },
    }),
  )
  return found
}
