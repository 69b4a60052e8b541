import { type Result, ok } from '../../base/result.ts'
import { gitPersonRefs } from './git.ts'
import type { OwnRepository } from './types.ts'

/** The commit that a person's words name in their repository; null where they name none. Codes: those of git. */
export async function personCommit(own: OwnRepository, words: string): Promise<Result<string | null>> {
  const asked = await gitPersonRefs(own, {
    args: ['rev-parse', '--verify', '--quiet', '--end-of-options', `${words}^{commit}`],
    accept: [1, 128],
  })
  return asked.ok ? ok(/^[0-9a-f]{40,64}$/m.exec(asked.value.toString('latin1'))?.[0] ?? null) : asked
}
