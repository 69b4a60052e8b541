import type { Answer } from '../../agents/answer.ts'
import type { AttemptRecord } from './attempts.ts'

/** What an agent said of its own work, which nobody checked by that. */
export interface Claim {
  readonly turn: number
  readonly status: Answer['status']
  readonly summary: string
}

/** The last thing that was claimed in an attempt; null: nothing. Pure. */
export function claimOf({ turns }: Pick<AttemptRecord, 'turns'>): Claim | null {
  for (const { turn, ended } of turns.toReversed())
    if (ended?.outcome.kind === 'finished') {
      const { status, summary } = ended.outcome.answer
      return { turn, status, summary }
    }
  return null
}

/** Tokens and time of turns, of whoever planned or read, and of judging, as far as they were told. Pure. */
export function spentIn({ turns, readers, looks }: AttemptRecord): {
  readonly tokens: number
  readonly ms: number
} {
  const judging = looks.map((one) => (one.kind === 'judged' ? (one.verdict.ms ?? 0) : 0))
  return {
    tokens: sum([...turns.map((one) => one.ended?.tokens ?? 0), ...readers.map((one) => one.tokens)]),
    ms: sum([...turns.map((one) => one.ended?.ms ?? 0), ...readers.map((one) => one.ms), ...judging]),
  }
}

const sum = (figures: readonly number[]): number => figures.reduce((all, one) => all + one, 0)
