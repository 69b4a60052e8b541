import type { Result } from '../base/result.ts'
import { isRunning } from '../codex/hook-standing.ts'
import { openRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import type { Context } from '../records/context.ts'
import { lookAtHooks } from '../records/hook-look.ts'
import { listLive } from '../records/live.ts'
import { readMachine } from '../records/machine.ts'
import { openPolicy } from '../records/policy.ts'
import { hookFix, stopStanding, whyNotRun } from '../records/stop-held.ts'

/** Whether a run can be armed here and would be held. */
export interface SetUp {
  /** Machine and repository are set up, and the config is approved as it is. */
  readonly ready: boolean
  /** Of what is missing first; null when nothing is. */
  readonly code: string | null
  readonly reason: string | null
  readonly fix: string | null
}

/** How our Stop hook stands in Codex's files; what a session that begins now is held by. */
export interface StopHook {
  readonly state: string
  readonly runs: boolean
  readonly reason: string | null
  readonly fix: string | null
}

/** Source: the home and the repository's config. */
export function setUpOf({ env }: Context, root: string): SetUp {
  const machine: Result<unknown> = readMachine(env.home)
  const first = machine.ok ? openPolicy(env.home, root) : machine
  return first.ok
    ? { ready: true, code: null, reason: null, fix: null }
    : { ready: false, code: first.error.code, reason: first.error.message, fix: first.error.fix ?? null }
}

/** Null where nothing tells: the machine is not set up, or a file cannot be read. */
export function stopHookOf({ env }: Context): StopHook | null {
  const standing = stopStanding(lookAtHooks(env), null)
  if (standing === null) return null
  const runs = isRunning(standing.state)
  return {
    state: standing.state,
    runs,
    reason: runs ? null : whyNotRun(standing),
    fix: runs ? null : hookFix(standing.state),
  }
}

/** Sessions with an open run that began while Codex did not run our Stop hook: nothing holds them until they begin again. */
export function unheldSessions({ env }: Context): readonly string[] {
  return listLive(env.home)
    .filter(({ stop }) => stop !== undefined && !isRunning(stop))
    .map(({ sessionId }) => sessionId)
    .filter((sessionId) => {
      const session = readSession(env.home, sessionId)
      return session.ok && openRun(session.value.state) !== undefined
    })
}
