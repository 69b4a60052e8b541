/** In which form the answer is printed, and whether somebody asked for that form. */
export interface Output {
  readonly form: 'json' | 'text'
  readonly asked: boolean
}

export const outputVariable = 'AUTONOMOUS_LOOP_OUTPUT'
export const outputFlags: readonly string[] = ['--json', '--text']

/**
 * A flag decides, then the variable, then whether somebody sees stdout. Known before anything is parsed, because a wrong
 * flag must be answered in the right form too. Pure.
 */
export function chooseOutput(
  words: readonly string[],
  variable: string | undefined,
  isTerminal: boolean,
): Output {
  if (words.includes('--json')) return { form: 'json', asked: true }
  if (words.includes('--text')) return { form: 'text', asked: true }
  if (variable === 'json' || variable === 'text') return { form: variable, asked: true }
  return { form: isTerminal ? 'text' : 'json', asked: false }
}

/** What is wrong with the choice, in words. Pure. */
export function outputProblem(words: readonly string[], variable: string | undefined): string | undefined {
  if (outputFlags.every((flag) => words.includes(flag))) return '--json and --text cannot be given together'
  if (!variable || variable === 'json' || variable === 'text') return undefined
  return `${outputVariable} is "${variable}"; it can be text or json`
}
