import readline from 'node:readline/promises'

/** One yes or no question on the terminal; everything but a clear yes is no. */
export async function confirm(question: string): Promise<boolean> {
  const terminal = readline.createInterface({ input: process.stdin, output: process.stderr })
  // Ctrl-C and Ctrl-D at a question are a no.
  const answer = await Promise.race([
    terminal.question(`${question} [y/N] `).catch(() => ''),
    new Promise<string>((resolve) => terminal.once('close', () => resolve(''))),
  ])
  terminal.close()
  return /^\s*y(es)?\s*$/i.test(answer)
}
