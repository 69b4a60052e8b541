import type { SupervisorSettings } from '../../contract/supervisor/settings.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** After the stated time: clocks differ. */
const AFTER_RESET_MS = 5000
const FIRST_PROBE_MS = 5 * MINUTE_MS
/** A time that is further away is not believed: it is looked at once a day. */
const FURTHEST_MS = 8 * DAY_MS
/** A service that did not answer so often in a row is left alone for longer. */
const MOST_PASSING = 10
const SERVICE_MS = 30 * MINUTE_MS

/**
 * Until when a program whose quota is used up is asked nothing. `probes`: how often it was asked in vain before, in a row. Times in ms since
 * the epoch. Pure.
 */
export function quotaUntil(resetsAt: number | null, probes: number, now: number): number {
  const probe = now + Math.min(FIRST_PROBE_MS * 2 ** probes, HOUR_MS)
  if (resetsAt === null || resetsAt + AFTER_RESET_MS <= now) return probe
  if (resetsAt - now > FURTHEST_MS) return now + DAY_MS
  // A time that did not hold once is no reason to ask again and again.
  return probes === 0 ? resetsAt + AFTER_RESET_MS : Math.max(resetsAt + AFTER_RESET_MS, probe)
}

/**
 * Until when an agent is asked nothing whose service was in the way for the `times`th time in a row, and whether everybody on this machine
 * leaves it alone. `random`: 0 to below 1, so that not all come back at once. Pure.
 */
export function serviceUntil(
  times: number,
  { baseSeconds, maxSeconds }: SupervisorSettings['backoff'],
  now: number,
  random: number,
): { readonly until: number; readonly isShared: boolean } {
  if (times >= MOST_PASSING) return { until: now + SERVICE_MS, isShared: true }
  const seconds = Math.min(baseSeconds * 2 ** (times - 1), maxSeconds)
  return { until: Math.round(now + seconds * 1000 * (0.8 + 0.4 * random)), isShared: false }
}
