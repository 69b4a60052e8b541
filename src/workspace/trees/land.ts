import { type Result, fail } from '../../base/result.ts'
import type { OwnRepository } from './types.ts'

export type Landed =
  | { readonly kind: 'landed' }
  /** The target is at another commit than was expected. */
  | { readonly kind: 'moved'; readonly now: string | null }

export interface Landing {
  readonly target: string
  readonly head: string
  readonly expected: string
}

export async function land(_own: OwnRepository, _landing: Landing): Promise<Result<Landed>> {
  return fail('no-item', 'not yet')
}
