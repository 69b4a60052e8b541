import { scopesOf } from '../../contract/scope.ts'
import type { Contract } from '../../contract/types.ts'
import { type Line, quiet } from './doc.ts'

interface Scope {
  readonly policy: readonly string[] | null
  readonly contract: readonly string[] | null
}

/** What may differ from the start, a row for each word of it; none where nothing is said. */
export function scopeRows({ policy, contract }: Scope): Line[] {
  return [
    ...(policy === null ? [] : [[quiet('may differ'), policy.join(', ')]]),
    ...(contract === null
      ? []
      : [[quiet(policy === null ? 'may differ' : 'and within'), contract.join(', ')]]),
  ]
}

/** The same on one line; null where nothing is said. */
export function scopeLine(contract: Pick<Contract, 'policy' | 'scope'>): string | null {
  const scopes = scopesOf(contract)
  return scopes.length === 0 ? null : scopes.map((one) => one.join(', ')).join('; and within: ')
}
