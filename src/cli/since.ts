import type { ChainRecord } from '../ledger/chain.ts'

/** Whether an event is one of those asked for. */
export type Since = (event: Pick<ChainRecord, 'seq' | 'at'>) => boolean

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `12` (events after number 12), `30m` (younger than that), or a time that Date reads. Null for anything else; `now` in ms. */
export function parseSince(text: string | undefined, now: number): Since | null {
  if (text === undefined) return () => true
  if (/^\d{1,15}$/.test(text)) return (event) => event.seq > Number(text)
  const age = /^(\d{1,9})\s*([smhd])$/.exec(text)
  const from = age ? now - Number(age[1]) * (units[age[2] ?? ''] ?? 0) : Date.parse(text)
  return Number.isFinite(from) ? (event) => event.at >= from : null
}
