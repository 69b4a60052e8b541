/** ISO 8601; what is no number is the epoch, so that a broken record can still be listed. */
export function iso(ms: number): string {
  return new Date(Number.isFinite(ms) ? ms : 0).toISOString()
}
