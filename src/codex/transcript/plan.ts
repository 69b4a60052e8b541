import { isObject, parseJson } from '../../base/json.ts'
import { type Result, ok } from '../../base/result.ts'
import { readSpan, withTranscript } from './file.ts'
import { MAX_LINE_BYTES, searchBackwards } from './lines.ts'

/** How far back from the end a plan is looked for. */
export const MAX_SEARCH_BYTES = 64 * 1024 * 1024

export interface PlanEntry {
  readonly step: string
  readonly status: string
}

export interface TranscriptPlan {
  readonly plan: readonly PlanEntry[]
  /** When the plan was made: milliseconds since the epoch; null when the line does not tell. */
  readonly at: number | null
}

export interface PlanSearch {
  /** The last plan in the part that was searched. */
  readonly found: TranscriptPlan | null
  /** Offset after the last whole line: hand it in as `from` next time, and only what is new is read. */
  readonly offset: number
  /** Whether the search ended at the limit instead of at `from`, `since` or the beginning. */
  readonly cut: boolean
}

export interface PlanOptions {
  /** Offset of an earlier search; everything before it is known. */
  readonly from?: number
  /** Milliseconds since the epoch: plans (and everything) before are none. */
  readonly since?: number
}

/**
 * The last `update_plan` call in a Codex transcript, read backwards from its end. Classic models only: in code mode the
 * transcript holds no such call, and the PostToolUse hook is the source. Failures: `missing`, `not-regular`, `io`.
 */
export function searchPlan(file: string, options: PlanOptions = {}): Result<PlanSearch> {
  return withTranscript(file, (fd, size) => {
    // A file that is shorter than what we remember is another file.
    const known = options.from !== undefined && options.from <= size ? options.from : 0
    const start = Math.max(known, size - MAX_SEARCH_BYTES)
    const since = options.since ?? -Infinity
    let found: TranscriptPlan | null = null
    let reached = false
    searchBackwards(fd, {
      needle: '"update_plan"',
      start,
      end: size,
      visit: (line) => {
        found = planOf(line)
        return found !== null
      },
      enough: (lineStart) => (reached = (timestampOf(lineStart) ?? Infinity) < since),
    })
    const plan = found as TranscriptPlan | null
    const old = plan !== null && (plan.at ?? Infinity) < since
    return {
      found: old ? null : plan,
      offset: lastLineEnd(fd, known, size),
      cut: plan === null && !reached && start > known,
    }
  })
}

/** The last plan, for a caller that remembers nothing; null when there is none or the transcript cannot be read. */
export function lastPlan(file: string, options: PlanOptions = {}): TranscriptPlan | null {
  const search = searchPlan(file, options)
  return search.ok ? search.value.found : null
}

/** Undefined members and other calls whose text only mentions the tool give null. */
function planOf(line: string): TranscriptPlan | null {
  const json = parseJson(line, 'line')
  if (!json.ok || !isObject(json.value) || json.value['type'] !== 'response_item') return null
  const call = json.value['payload']
  if (!isObject(call) || call['type'] !== 'function_call' || call['name'] !== 'update_plan') return null
  const args =
    typeof call['arguments'] === 'string' ? parseJson(call['arguments'], 'arguments') : ok(call['arguments'])
  const plan = args.ok && isObject(args.value) ? args.value['plan'] : undefined
  if (!Array.isArray(plan)) return null
  return { plan: plan.map(entry), at: timestampOf(line.slice(0, 100)) }
}

function entry(item: unknown): PlanEntry {
  const member = (name: string) => (isObject(item) && typeof item[name] === 'string' ? item[name] : '')
  return { step: member('step'), status: member('status') }
}

/** Codex begins each line with its time. */
function timestampOf(lineStart: string): number | null {
  const at = Date.parse(/^\{"timestamp":"([^"]{1,40})"/.exec(lineStart)?.[1] ?? '')
  return Number.isNaN(at) ? null : at
}

/** A line that Codex is still writing is read again next time. */
function lastLineEnd(fd: number, known: number, size: number): number {
  const limit = Math.max(known, size - MAX_LINE_BYTES)
  for (let end = size; end > limit;) {
    const from = Math.max(limit, end - 64 * 1024)
    const newline = readSpan(fd, from, end).lastIndexOf(0x0a)
    if (newline >= 0) return from + newline + 1
    end = from
  }
  return known
}
