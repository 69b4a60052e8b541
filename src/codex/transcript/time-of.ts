/** Milliseconds since the epoch of a time that Codex wrote; NaN for anything else, also for an object that has no text. */
export function timeOf(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : Number.NaN
}
