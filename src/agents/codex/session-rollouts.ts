import fs from 'node:fs'
import path from 'node:path'
import { type JsonObject, isObject, parseJson } from '../../base/json.ts'
import { findTranscripts } from '../../codex/transcript/find.ts'
import { readSpan, withTranscript } from '../../codex/transcript/file.ts'
import type { QuotaWindow } from '../agent.ts'
import { GrowingFile } from '../growing-file.ts'
import { CALL_WORDS, OpenCalls } from './open-calls.ts'

/** What Codex wrote down of a conversation, its sub-agents and reviews so far. */
export interface SessionFacts {
  /** Of every response in it, also of turns that failed or were killed. */
  readonly tokens: number
  /** Of these, what sub-agents and reviews used. */
  readonly others: number
  /** A sub-agent runs a command, or another tool. */
  readonly hasCalls: boolean
  /** As the service said it last; empty: it never did. */
  readonly windows: readonly QuotaWindow[]
  /** What the last turn failed with, as Codex names its kind; null: it did not, or goes on. */
  readonly error: unknown
}

export const NOTHING_SEEN: SessionFacts = {
  tokens: 0,
  others: 0,
  hasCalls: false,
  windows: [],
  error: null,
}

/** Reads the rollouts of one conversation as they grow. */
export class SessionRollouts {
  private readonly codexHome: string
  private readonly id: string
  /** Null: of another conversation. */
  private readonly files = new Map<string, GrowingFile | null>()
  private firstDay: string | null = null
  private facts: SessionFacts = NOTHING_SEEN
  private readonly calls = new OpenCalls()
  /** When the last turn of the root began. */
  private begun = ''

  constructor(codexHome: string, id: string) {
    this.codexHome = codexHome
    this.id = id
  }

  now(): SessionFacts {
    for (const file of this.found()) {
      const isRoot = file.path.endsWith(`-${this.id}.jsonl`)
      file.grown(isRoot ? WORDS : [...WORDS, ...CALL_WORDS], (line) => {
        if (!isRoot) this.calls.take(file.path, line)
        else if (isStart(line)) this.begun = String(line['timestamp'])
        this.facts = withLine(this.facts, line, isRoot)
      })
    }
    return { ...this.facts, hasCalls: this.calls.hasAfter(this.begun) }
  }

  private found(): readonly GrowingFile[] {
    this.firstDay ??= dayOf(findTranscripts(this.codexHome, this.id)[0])
    if (this.firstDay === null) return []
    for (const file of rolloutsFrom(path.join(this.codexHome, 'sessions'), this.firstDay)) {
      if (this.files.has(file)) continue
      const session = sessionOf(file)
      // Its first line is not whole yet.
      if (session !== null) this.files.set(file, session === this.id ? new GrowingFile(file) : null)
    }
    return [...this.files.values()].filter((one) => one !== null)
  }
}

const WORDS = ['"token_usage_record"', '"rate_limits"', '"task_started"', '"task_complete"']

const isStart = ({ payload }: JsonObject): boolean => isObject(payload) && payload['type'] === 'task_started'

function withLine(facts: SessionFacts, { type, payload }: JsonObject, isRoot: boolean): SessionFacts {
  if (!isObject(payload)) return facts
  if (type === 'token_usage_record') {
    const total = isObject(payload['usage']) ? payload['usage']['total_tokens'] : null
    if (typeof total !== 'number') return facts
    return { ...facts, tokens: facts.tokens + total, others: facts.others + (isRoot ? 0 : total) }
  }
  if (payload['type'] === 'token_count') {
    const windows = windowsOf(payload['rate_limits'])
    return windows.length === 0 ? facts : { ...facts, windows }
  }
  if (!isRoot) return facts
  if (payload['type'] === 'task_started') return { ...facts, error: null }
  if (payload['type'] !== 'task_complete') return facts
  const { error } = payload
  return { ...facts, error: isObject(error) ? (error['codex_error_info'] ?? 'other') : null }
}

function windowsOf(limits: unknown): readonly QuotaWindow[] {
  if (!isObject(limits)) return []
  return [limits['primary'], limits['secondary']].filter(isObject).flatMap((one) => {
    const { used_percent: used, resets_at: at, window_minutes: minutes } = one
    if (typeof used !== 'number') return []
    return [
      {
        usedPercent: used,
        resetsAt: typeof at === 'number' ? at * 1000 : null,
        windowMinutes: typeof minutes === 'number' ? minutes : null,
      },
    ]
  })
}

/** `YYYY/MM/DD` of a rollout; null where it is nowhere, or was archived. */
function dayOf(file: string | undefined): string | null {
  const day = /\/sessions\/(\d{4}\/\d\d\/\d\d)\/[^/]*$/.exec(file ?? '')?.[1]
  return day ?? null
}

/** Of this day and all later ones. */
function rolloutsFrom(sessions: string, day: string): string[] {
  const [year = '', month = '', date = ''] = day.split('/')
  return namesIn(sessions, year).flatMap((y) =>
    namesIn(path.join(sessions, y), y === year ? month : '').flatMap((m) =>
      namesIn(path.join(sessions, y, m), `${y}/${m}` === `${year}/${month}` ? date : '').flatMap((d) => {
        const dir = path.join(sessions, y, m, d)
        return namesIn(dir, '')
          .filter((name) => /^rollout-.*\.jsonl$/.test(name))
          .map((name) => path.join(dir, name))
      }),
    ),
  )
}

/** Those from a name on, in order. */
function namesIn(dir: string, from: string): string[] {
  try {
    return fs
      .readdirSync(dir)
      .filter((name) => name >= from)
      .sort()
  } catch {
    return []
  }
}

/** The first line holds all that the model is told first. */
const MAX_FIRST_BYTES = 1 << 20

/** The conversation that a rollout belongs to; null while its first line is being written, '' where it says none. */
function sessionOf(file: string): string | null {
  const read = withTranscript(file, (fd, size) => readSpan(fd, 0, Math.min(size, MAX_FIRST_BYTES)))
  if (!read.ok) return ''
  const end = read.value.indexOf(0x0a)
  if (end < 0) return read.value.length < MAX_FIRST_BYTES ? null : ''
  const json = parseJson(read.value.toString('utf8', 0, end), 'line')
  const payload = json.ok && isObject(json.value) ? json.value['payload'] : null
  const session = isObject(payload) ? (payload['session_id'] ?? payload['id']) : null
  return typeof session === 'string' ? session : ''
}
