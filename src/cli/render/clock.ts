const DAY_MS = 24 * 3600_000

/** When something ends, where the reader is: `07:05` today and tomorrow morning, with its day where it is further away. ms since the epoch. */
export function clock(ms: number, now = Date.now()): string {
  const at = new Date(ms)
  const time = at.toTimeString().slice(0, 5)
  return Math.abs(ms - now) < DAY_MS / 2 || at.toDateString() === new Date(now).toDateString()
    ? time
    : `${localDay(at)} ${time}`
}

function localDay(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}
