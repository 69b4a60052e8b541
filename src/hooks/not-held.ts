import type { HookEvent, Host } from '../codex/types.ts'
import type { Context } from '../records/context.ts'
import { lookAtHooks } from '../records/hook-look.ts'
import type { LiveRecord } from '../records/live.ts'
import { type NotHeld, stopHeld, stopStanding } from '../records/stop-held.ts'

/** Where Codex (or Claude Code) does not run our Stop hook in this session, as far as its files tell; `event` is the hook that asks. */
export function notHeld(
  context: Context,
  sessionId: string,
  live: LiveRecord | undefined,
  event: HookEvent,
  host: Host | undefined,
): NotHeld | undefined {
  const held = stopHeld(sessionId, live?.stop, stopStanding(lookAtHooks(context.env, host), event), host)
  return held.kind === 'not-held' ? held : undefined
}
