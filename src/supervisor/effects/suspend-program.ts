import type { Result } from '../../base/result.ts'
import { type Suspension, readSuspension, suspend } from '../../records/suspensions.ts'

/** What was in vain longer ago says nothing of today. */
const STALE_MS = 3600_000

/**
 * Nobody on this machine asks this program and account for a while. `until`: ms since the epoch, by how often it was asked in vain before, in
 * a row. Code: home-unwritable.
 */
export function suspendProgram(
  home: string,
  provider: string,
  why: Suspension['why'],
  until: (probes: number) => number,
  now: number,
): Result<Suspension> {
  const { since, probes } = before(home, provider, now)
  return suspend(home, provider, { until: until(probes), why, since, probes: probes + 1 }, now)
}

/** As of before it was asked. Nobody is asked while it is suspended: one whose time has not come was met by others that worked meanwhile. */
function before(home: string, provider: string, now: number): Pick<Suspension, 'since' | 'probes'> {
  const found = readSuspension(home, provider, now)
  if (found === null || found.until < now - STALE_MS) return { since: now, probes: 0 }
  return found.until > now ? { ...found, probes: Math.max(0, found.probes - 1) } : found
}
