import { type JsonObject, isObject, parseJson } from '../../base/json.ts'
import { readSpan, withTranscript } from './file.ts'

/** The first line holds the whole base instructions: 22 kB today. */
const MAX_FIRST_LINE_BYTES = 4 * 1024 * 1024

export interface TranscriptSession {
  /** The thread this transcript belongs to. */
  readonly threadId: string
  /** 0.169: the root's id, also for a sub-agent. 0.125: the same as threadId. */
  readonly sessionId: string
  readonly subAgent: boolean
  readonly parentId: string | null
  readonly cwd: string | null
  readonly cliVersion: string | null
}

/** What the first line of a transcript says about its session; null when there is no such line or no such file. */
export function sessionFromTranscript(file: string): TranscriptSession | null {
  const line = withTranscript(file, firstLine)
  if (!line.ok || line.value === null) return null
  const json = parseJson(line.value, 'first line')
  if (!json.ok || !isObject(json.value) || json.value['type'] !== 'session_meta') return null
  const meta = json.value['payload']
  if (!isObject(meta)) return null
  const threadId = text(meta, 'id')
  if (threadId === null) return null
  const source = isObject(meta['source']) ? meta['source'] : {}
  const subAgent = 'subagent' in source || meta['thread_source'] === 'subagent'
  return {
    threadId,
    sessionId: text(meta, 'session_id') ?? threadId,
    subAgent,
    parentId: text(meta, 'parent_thread_id') ?? parentIn(source['subagent']),
    cwd: text(meta, 'cwd'),
    cliVersion: text(meta, 'cli_version'),
  }
}

/** `{"thread_spawn": {"parent_thread_id": …}}`; other kinds of sub-agent are a plain name. */
function parentIn(subagent: unknown): string | null {
  const spawn = isObject(subagent) ? subagent['thread_spawn'] : undefined
  return isObject(spawn) ? text(spawn, 'parent_thread_id') : null
}

function text(from: JsonObject, name: string): string | null {
  const value = from[name]
  return typeof value === 'string' && value !== '' ? value : null
}

/** Null when it has no end within the limit. */
function firstLine(fd: number, size: number): string | null {
  const limit = Math.min(size, MAX_FIRST_LINE_BYTES)
  for (let length = 64 * 1024; ; length *= 4) {
    const bytes = readSpan(fd, 0, Math.min(length, limit))
    const end = bytes.indexOf(0x0a)
    if (end >= 0) return bytes.subarray(0, end).toString('utf8')
    if (length >= limit) return null
  }
}
