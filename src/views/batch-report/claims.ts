import { shortened, withoutControls } from '../../base/text.ts'
import type { Claimed } from './shape.ts'
import { type Told, iso } from './tries.ts'

/** Of one text, in UTF-16 units. */
export const MOST_CLAIM = 1500
/** Of one item, the last ones. */
const MOST_CLAIMS = 3

/**
 * What agents said, the last answer of an attempt each. Of an attempt whose work is in the head only what says something: the
 * gates said the rest. Pure.
 */
export function claimsOf(attempts: readonly Told[], of: (item: string) => number): readonly Claimed[] {
  const all = attempts.flatMap((told): Claimed[] => {
    const { claim, item, attempt, integrated, completeClaims } = told
    if (claim === null) return []
    const text = withoutControls(claim.text).trim()
    if (integrated !== null && text === '') return []
    return [
      {
        item,
        attempt,
        agent: claim.agent,
        at: iso(claim.at),
        status: claim.status,
        text: shortened(text, MOST_CLAIM),
        cut: text.length > MOST_CLAIM,
        complete_claims: completeClaims,
        verified: integrated !== null,
      },
    ]
  })
  const byItem = new Map<string, Claimed[]>()
  for (const one of all) byItem.set(one.item, [...(byItem.get(one.item) ?? []), one])
  // Of items that are not done first: nothing else speaks for these.
  return [...byItem.values()]
    .flatMap((some) => some.slice(-MOST_CLAIMS))
    .sort(
      (a, b) => Number(a.verified) - Number(b.verified) || of(a.item) - of(b.item) || a.attempt - b.attempt,
    )
}
