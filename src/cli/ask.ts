import readline from 'node:readline/promises'
import { type Result, fail, ok } from '../base/result.ts'

/**
 * One yes or no question on the terminal; everything but a clear yes is no. Ctrl-C and Ctrl-D are no answer: code
 * `unanswered`, which says with `left` what has happened so far.
 */
export async function confirm(question: string, left: string): Promise<Result<boolean>> {
  const answer = await typed(`${question} [y/N] `, left)
  return answer.ok ? ok(/^\s*y(es)?\s*$/i.test(answer.value)) : answer
}

/** The same with a third answer: to edit what is asked about. */
export async function confirmOrEdit(question: string, left: string): Promise<Result<'yes' | 'edit' | 'no'>> {
  const answer = await typed(`${question} [y/e/N] `, left)
  if (!answer.ok) return answer
  if (/^\s*e(dit)?\s*$/i.test(answer.value)) return ok('edit')
  return ok(/^\s*y(es)?\s*$/i.test(answer.value) ? 'yes' : 'no')
}

/** A line that a person typed. */
async function typed(question: string, left: string): Promise<Result<string>> {
  const terminal = readline.createInterface({ input: process.stdin, output: process.stderr })
  const answer = await Promise.race([
    terminal.question(question).catch(() => null),
    new Promise<null>((resolve) => terminal.once('close', () => resolve(null))),
  ])
  terminal.close()
  if (answer !== null) return ok(answer)
  // The message would stand behind the question.
  process.stderr.write('\n')
  return fail('unanswered', `interrupted; ${left}`)
}
