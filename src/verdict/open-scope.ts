import { scopeKey } from '../contract/scope.ts'
import type { ScopeFact } from '../workspace/scope/look-at-scope.ts'
import type { Judgement } from './judgement.ts'

/** What the last stop found out of scope, unless a person accepted it since. */
export function openOutOfScope({
  lastStop,
  accepted = {},
}: {
  readonly lastStop: Judgement | null
  readonly accepted?: Readonly<Record<string, string>>
}): ScopeFact | null {
  const fact = lastStop?.blockers.find((one) => one.kind === 'out-of-scope')
  if (!fact) return null
  const isAccepted = fact.out.every(
    (one) => Object.hasOwn(accepted, scopeKey(one)) && accepted[scopeKey(one)] === one.state,
  )
  return isAccepted && fact.more === 0 ? null : fact
}
