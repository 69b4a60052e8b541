import { type Result, fail, ok } from '../../base/result.ts'
import { zeroOf } from './entries.ts'
import { gitOwn } from './git.ts'
import { isAncestor, refAt } from './own.ts'
import type { OwnRepository } from './types.ts'

/**
 * Moves a head from what it was to one of its descendants; `from` null makes it. `already`: it was moved so before. Codes:
 * head-moved (somebody else moved it, or the new one does not hold the old one), and those of git.
 */
export async function moveHead(
  own: OwnRepository,
  ref: string,
  from: string | null,
  to: string,
): Promise<Result<'moved' | 'already'>> {
  const now = await refAt(own, ref)
  if (!now.ok) return now
  if (now.value === to) return ok('already')
  if (now.value !== from)
    return fail(
      'head-moved',
      `${ref} is at ${now.value ?? 'nothing'}, where ${from ?? 'nothing'} is expected`,
    )
  if (from !== null) {
    const holds = await isAncestor(own, from, to)
    if (!holds.ok) return holds
    if (!holds.value) return fail('head-moved', `${to} does not hold ${from}, at which ${ref} is`)
  }
  const moved = await gitOwn(own, { args: ['update-ref', ref, to, from ?? zeroOf(own)] })
  return moved.ok ? ok('moved') : moved
}
