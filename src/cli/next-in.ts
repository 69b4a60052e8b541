import type { Context } from '../records/context.ts'
import { isProven, readLive } from '../records/live.ts'
import { goOn } from '../views/next-step.ts'

/** How the work of a session goes on from here. */
export function nextIn(context: Context, sessionId: string): string {
  const live = readLive(context.env.home, sessionId)
  return goOn(sessionId, live !== undefined && isProven(live), live?.host)
}
