import fs from 'node:fs'
import path from 'node:path'
import * as z from 'zod/mini'
import { parseJson } from '../base/json.ts'
import type { HookState } from '../codex/hook-standing.ts'
import { type ProcessId, isAlive } from '../base/process-id.ts'
import { readTextSafe } from '../base/read-file.ts'
import { systemWords } from '../base/system-words.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { sessionKey } from '../base/session-id.ts'
import { writeFileWhole } from '../base/write-file.ts'
import type { Sha256 } from '../base/hash.ts'
import { namesIn } from '../base/names-in.ts'
import type { FrozenSteps } from '../contract/steps.ts'
import type { Pin } from '../definition/types.ts'
import type { Refs } from '../evidence/types.ts'

/** Proof that this session's hooks ran, and what the workspace meant before the agent acted. Written by SessionStart, outside the sandbox. */
export interface LiveRecord {
  readonly v: 1
  /** Whose session it is; absent: Codex's. */
  readonly host?: 'claude'
  readonly sessionId: string
  /** The process of Codex, or of Claude Code. */
  readonly codex: ProcessId | null
  /** The process that went on with another session; absent while this one is at work. */
  readonly left?: ProcessId | null
  readonly at: number
  readonly cwd: string
  readonly source: string
  readonly repoRoot: string
  /** Commit of HEAD; null without git or commits. */
  readonly head: string | null
  /** Branches and tags, for a room that a spooled run may need; absent where no gate needs one. */
  readonly refs?: Refs
  readonly spool: string
  /** The approved config and its pins; null when the repository has none that is approved. */
  readonly config: { readonly path: string; readonly sha256: Sha256 } | null
  readonly pins: readonly Pin[] | null
  /** What the commands are made of, as read with the pins; absent where an older version wrote it. */
  readonly steps?: FrozenSteps
  /** The pins of the first start under this config, where a later one (a resume) found others: for telling, never for judging. */
  readonly began?: readonly Pin[]
  /** How our Stop hook stood in the files of Codex or Claude Code when this thread began; absent where they did not tell (see lookAtHooks). */
  readonly stop?: HookState
  /** Why a prompt of this session armed nothing; only for `exec`, which tells it after the program has ended. */
  readonly refused?: string
  /** Mark of the `autonomous-loop exec` that started this Codex; absent otherwise. */
  readonly exec?: string
}

/** Set by `autonomous-loop exec` for the Codex it starts, whose hooks inherit it. */
export const execVariable = 'AUTONOMOUS_LOOP_EXEC'

const pin = z.object({
  id: z.string(),
  value: z.nullable(z.string()),
  file: z.string(),
  text: z.optional(z.string()),
  // Further members belong to the pin collectors and pass through unread.
})
const schema = z.object({
  v: z.literal(1),
  host: z.optional(z.literal('claude')),
  sessionId: z.string(),
  codex: z.nullable(z.object({ pid: z.number(), start: z.string() })),
  left: z.optional(z.nullable(z.object({ pid: z.number(), start: z.string() }))),
  at: z.number(),
  cwd: z.string(),
  source: z.string(),
  repoRoot: z.string(),
  head: z.nullable(z.string()),
  spool: z.string(),
  config: z.nullable(z.object({ path: z.string(), sha256: z.string() })),
  exec: z.optional(z.string()),
  stop: z.optional(z.string()),
  refused: z.optional(z.string()),
  began: z.optional(z.array(pin)),
  pins: z.nullable(z.array(pin)),
})

function liveFile(home: string, sessionId: string): string {
  return path.join(home, 'live', sessionKey(sessionId))
}

/** Code: home-unwritable. */
export function writeLive(home: string, record: LiveRecord): Result<true> {
  try {
    fs.mkdirSync(path.join(home, 'live'), { recursive: true, mode: 0o700 })
    writeFileWhole(liveFile(home, record.sessionId), JSON.stringify(record))
    return ok(true)
  } catch (error) {
    return fail(
      'home-unwritable',
      `the live record could not be written below ${home}: ${systemWords(error)}`,
    )
  }
}

/** Undefined when there is none, or when it does not hold what a live record holds. */
export function readLive(home: string, sessionId: string): LiveRecord | undefined {
  const record = readFrom(liveFile(home, sessionId))
  return record?.sessionId === sessionId ? record : undefined
}

/** Every live record that can be read, in the order of their names. */
export function listLive(home: string): readonly LiveRecord[] {
  return namesIn(path.join(home, 'live'))
    .filter((name) => !name.includes('.'))
    .flatMap((name) => {
      const record = readFrom(path.join(home, 'live', name))
      return record && sessionKey(record.sessionId) === name ? [record] : []
    })
}

function readFrom(file: string): LiveRecord | undefined {
  const raw = readTextSafe(file, { maxBytes: 16_000_000 })
  const json = raw.ok ? parseJson(raw.value, 'live record') : raw
  return json.ok && schema.safeParse(json.value).success ? (json.value as LiveRecord) : undefined
}

/** The Codex process whose hook wrote the record still lives: its hooks are on. */
export function isProven(record: LiveRecord): boolean {
  return record.codex !== null && isAlive(record.codex)
}
