import { short } from './short.ts'

/** The last turn ended without a verdict; `why` is a clause, or what was noted when it ended. */
export function uncheckedWords(why: string): string {
  return `the last turn ended without a check: ${short(why, 400)}. The contract is still open.`
}
