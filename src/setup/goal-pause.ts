import type { Env } from '../base/env.ts'
import { isObject } from '../base/json.ts'
import { type Result, ok } from '../base/result.ts'
import { withAppServer } from '../codex/app-server.ts'
import { findCodex } from '../codex/find-codex.ts'

/** `none`: there is no goal. Otherwise Codex's own word for it, before and after. */
export interface GoalPaused {
  readonly before: string
  readonly after: string
}

/**
 * Pauses the goal of a session if it is active, through an app server of our own: Codex keeps goals in a table that all
 * its processes share (measured on 0.169; no experimental API needed). Codes: those of findCodex and the app server.
 */
export function pauseActiveGoal(env: Env, sessionId: string): Promise<Result<GoalPaused>> {
  const codex = findCodex(env)
  if (!codex.ok) return Promise.resolve(codex)
  return withAppServer(codex.value.native, env, async (server) => {
    const found = await server.request('thread/goal/get', { threadId: sessionId })
    if (!found.ok) return found
    const before = statusOf(found.value)
    if (before !== 'active') return ok({ before, after: before })
    const set = await server.request('thread/goal/set', { threadId: sessionId, status: 'paused' })
    return set.ok ? ok({ before, after: statusOf(set.value) }) : set
  })
}

/** The state of a session's goal; `none` without one. */
export function statusOf(answer: unknown): string {
  const goal = isObject(answer) ? answer['goal'] : undefined
  return isObject(goal) && typeof goal['status'] === 'string' ? goal['status'] : 'none'
}
