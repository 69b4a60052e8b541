import readline from 'node:readline/promises'
import { type Result, fail, ok } from '../base/result.ts'

/**
 * One yes or no question on the terminal; everything but a clear yes is no. Ctrl-C and Ctrl-D are no answer: code
 * `unanswered`, which says with `left` what has happened so far.
 */
export async function confirm(question: string, left: string): Promise<Result<boolean>> {
  const terminal = readline.createInterface({ input: process.stdin, output: process.stderr })
  const answer = await Promise.race([
    terminal.question(`${question} [y/N] `).catch(() => null),
    new Promise<null>((resolve) => terminal.once('close', () => resolve(null))),
  ])
  terminal.close()
  if (answer !== null) return ok(/^\s*y(es)?\s*$/i.test(answer))
  // The message would stand behind the question.
  process.stderr.write('\n')
  return fail('unanswered', `interrupted; ${left}`)
}
