import { type Result, ok } from '../../base/result.ts'
import { gitPersonRefs } from './git.ts'
import type { OwnRepository } from './types.ts'

/** Commit of a ref in the person's repository; null where there is none. Codes: those of git. */
export async function personRef(own: OwnRepository, ref: string): Promise<Result<string | null>> {
  const asked = await gitPersonRefs(own, { args: ['rev-parse', '--verify', '--quiet', ref], accept: [1] })
  return asked.ok ? ok(asked.value.toString('latin1').trim() || null) : asked
}
