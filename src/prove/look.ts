import { isObject } from '../base/json.ts'
import { seenLine } from './claims.ts'
import { task } from './project.ts'
import type { Answered, Session } from './world.ts'

/** A member deep inside parsed JSON; numbers index arrays. Undefined where there is none. */
export function member(value: unknown, ...path: readonly (string | number)[]): unknown {
  let at = value
  for (const step of path) {
    if (Array.isArray(at) && typeof step === 'number') at = at[step] as unknown
    else if (isObject(at)) at = at[String(step)]
    else return undefined
  }
  return at
}

/** As member, where a list is expected; empty where there is none. */
export function list(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = member(value, ...path)
  return Array.isArray(found) ? found : []
}

/** A text as it is, nothing as nothing, anything else as JSON. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}

/** Why a command of ours gave no usable answer, in its own words. */
export function failureOf(what: string, ran: Answered): string {
  if (ran.timedOut) return `${what} did not end in time`
  const said = text(member(ran.json, 'message')) || ran.stderr.trim() || ran.stdout.trim()
  return seenLine(`${what} ended with ${ran.code}: ${said}`)
}

/** What Codex did instead of what was expected. */
export function sessionFailure(session: Session): string {
  if (session.timedOut) return 'Codex did not end in time'
  if (session.code === 0) return 'Codex let it stop'
  const last = session.stderr.trim().split('\n').at(-1) ?? ''
  return seenLine(`codex exec ended with ${session.code}: ${last}`)
}

/**
 * What a block says is missing of the task; undefined where it does not name it. Its own line, not the first with its id:
 * paths stand before and behind it, and the names in them are a person's or random, so any of them may spell two letters.
 */
export function taskLine(reason: string | null): string | undefined {
  const line = reason?.split('\n').find((one) => one.startsWith(`- ${task.id} "${task.title}": `))
  return line === undefined ? undefined : seenLine(line.slice(2))
}

/** A block that says something else than what was to be seen: what it says is outstanding. */
export function blockedOtherwise(reason: string): string {
  const item = reason.split('\n').find((line) => line.startsWith('- '))
  return seenLine(`blocked, but with: ${item?.slice(2) ?? reason}`)
}
