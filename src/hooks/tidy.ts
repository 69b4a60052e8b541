import fs from 'node:fs'
import path from 'node:path'
import type { Context } from '../records/context.ts'
import { startErrand } from './errand.ts'

const everyMs = 3_600_000

/** Its modification time is when hygiene was last begun. */
export function tidyStamp(home: string): string {
  return path.join(home, 'tidied')
}

/** Begins hygiene at most once an hour, in a process of its own; never fails and never waits. */
export function tidyNowAndThen(context: Context): void {
  const { env, clock } = context
  const stamp = tidyStamp(env.home)
  const now = clock()
  try {
    const last = fs.lstatSync(stamp, { throwIfNoEntry: false })?.mtimeMs
    // A clock that was set back must not stop it for ever.
    if (last !== undefined && Math.abs(now - last) < everyMs) return
    // Before it is begun, so that sessions that start together begin it once.
    fs.writeFileSync(stamp, '', { mode: 0o600 })
    fs.utimesSync(stamp, now / 1000, now / 1000)
    startErrand(context, ['tidy'])
  } catch {
    // A home that cannot be written is told of where it matters.
  }
}
