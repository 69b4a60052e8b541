import { groupBy } from '../../base/group-by.ts'
import type { BatchEvent } from '../../supervisor/record/events.ts'
import type { ReportItem, Totals } from './shape.ts'
import { type Told, partsOf, tokensOf } from './tries.ts'

/** What all of it took. Pure. */
export function totalsOf(
  events: readonly BatchEvent[],
  rows: readonly ReportItem[],
  attempts: readonly Told[],
): Totals {
  const parts = attempts.flatMap((told) => partsOf(told).map((one) => ({ ...one, told })))
  const states = [...groupBy(rows, ({ state }) => state)].map(([state, of]) => [state, of.length] as const)
  return {
    items: Object.fromEntries(states),
    attempts: attempts.length,
    turns: sum(attempts.map((one) => one.turns)),
    tokens: tokensOf(parts),
    working_ms: sum(parts.map(({ ms }) => ms)),
    judging_ms: sum(attempts.map((one) => one.judgingMs)),
    checking_ms: sum(events.map((one) => (one.type === 'checked' ? (one.data.ms ?? 0) : 0))),
    wall_ms: Math.max(0, (events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0)),
    agents: [...groupBy(parts, ({ name }) => name)].map(([agent, of]) => ({
      agent,
      attempts: new Set(of.map(({ told }) => told.fence)).size,
      // Who was at it last, brought it in.
      verified: of.filter(({ told, name }) => told.integrated !== null && told.agents.at(-1)!.name === name)
        .length,
      turns: sum(of.map(({ turns }) => turns)),
      tokens: tokensOf(of),
      working_ms: sum(of.map(({ ms }) => ms)),
    })),
  }
}

function sum(all: readonly number[]): number {
  return all.reduce((so, one) => so + one, 0)
}
