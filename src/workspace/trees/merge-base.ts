import { type Result, fail, ok } from '../../base/result.ts'
import { gitOwn } from './git.ts'
import type { OwnRepository } from './types.ts'

/** The one commit at which two histories meet. Codes: could-not-join (none, or several), and those of git. */
export async function mergeBase(own: OwnRepository, a: string, b: string): Promise<Result<string>> {
  const asked = await gitOwn(own, { args: ['merge-base', '--all', a, b], accept: [1] })
  if (!asked.ok) return asked
  const bases = asked.value.toString('latin1').split('\n').filter(Boolean)
  const [base] = bases
  if (base !== undefined && bases.length === 1) return ok(base)
  return fail('could-not-join', `${a} and ${b} meet at ${bases.join(', ') || 'no commit'}`)
}
