const UNITS = { s: 1000, m: 60_000, h: 3600_000 } as const

/** Milliseconds of a time such as 90s, 10m or 2h; null: not one. */
export function timeSpan(text: string): number | null {
  const [, count, unit] = /^(\d{1,6})([smh])$/.exec(text) ?? []
  const ms = Number(count ?? 0) * UNITS[(unit ?? 's') as keyof typeof UNITS]
  return ms > 0 ? ms : null
}
