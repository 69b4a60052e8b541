import { type JsonObject, isObject, parseJson } from '../../base/json.ts'
import type { Result } from '../../base/result.ts'
import { withTranscript } from './file.ts'
import { MAX_SEARCH_BYTES, searchBackwards } from './lines.ts'

/** These give the output of a command that an earlier call began. */
const later: readonly unknown[] = ['write_stdin', 'wait']

/**
 * Whether a command of this thread printed `text`: it stands in the output of a call whose words are `asked` for, or of
 * one that went on reading an earlier one. Searched backwards, at most 64 MB. Failures: `missing`, `not-regular`, `io`.
 */
export function printedByCall(
  file: string,
  text: string,
  asked: (words: string) => boolean,
): Result<boolean> {
  return withTranscript(file, (fd, end) => {
    const start = Math.max(0, end - MAX_SEARCH_BYTES)
    const any = (needle: string, visit: (item: JsonObject, output: boolean) => boolean): boolean => {
      let found = false
      searchBackwards(fd, {
        needle,
        start,
        end,
        visit: (line) => {
          const item = itemOf(line)
          return (found = item !== null && visit(item, String(item['type']).endsWith('_output')))
        },
      })
      return found
    }
    return any(text, ({ call_id: id }, output) => {
      if (!output || typeof id !== 'string' || id === '') return false
      let right = false
      any(id, (call, isOutput) => {
        if (call['call_id'] !== id || isOutput) return false
        right = later.includes(call['name']) || asked(JSON.stringify(call))
        return true
      })
      return right
    })
  })
}

/** Whether a call of the last turn has words that are `asked` for; false where the transcript cannot be read. */
export function calledInTurn(file: string, asked: (words: string) => boolean): boolean {
  let found = false
  withTranscript(file, (fd, end) =>
    searchBackwards(fd, {
      needle: '"type":"',
      start: Math.max(0, end - MAX_SEARCH_BYTES),
      end,
      visit: (line) => {
        const call = asked(line) ? itemOf(line) : null
        found = call !== null && 'call_id' in call && !String(call['type']).endsWith('_output')
        return found || line.includes('"type":"task_started"')
      },
    }),
  )
  return found
}

function itemOf(line: string): JsonObject | null {
  const json = parseJson(line, 'line')
  if (!json.ok || !isObject(json.value) || json.value['type'] !== 'response_item') return null
  const item = json.value['payload']
  return isObject(item) ? item : null
}
