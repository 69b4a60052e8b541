import { shellWord } from '../base/shell-word.ts'
import type { Failure } from '../base/result.ts'
import { programName } from './render/help.ts'
import { type RunArgs, idIn } from './which-run.ts'

/** What ambiguousRuns says of each run. */
interface Choice {
  readonly run_id: string
  readonly state: string
  readonly objective: string
}

/** Several runs were meant: each with the command that means this one. `words` are those after the command's name. Pure. */
export function withChoices(
  failure: Failure,
  name: string,
  words: readonly string[],
  asked: RunArgs,
): Failure {
  const runs = failure.data?.['runs']
  if (failure.code !== 'run-ambiguous' || !Array.isArray(runs)) return failure
  const rest = withoutId(words, idIn(asked))
  const choices = (runs as readonly Choice[]).map((run) => ({
    ...run,
    command: [programName, name, ...rest.map(shellWord), run.run_id.slice(0, 12)].join(' '),
  }))
  const width = Math.max(0, ...choices.map(({ command }) => command.length))
  const lines = choices.map(
    ({ command, state, objective }) => `  ${command.padEnd(width)}  ${state} ${title(objective)}`,
  )
  return {
    code: failure.code,
    message: `${failure.message}; which one?\n${lines.join('\n')}`,
    data: { ...failure.data, runs: choices },
  }
}

/** The words of the call without the id in it, whichever way it was given. */
function withoutId(words: readonly string[], id: string | undefined): readonly string[] {
  if (id === undefined) return words
  const flags = ['--session-id', '--run', '--run-id']
  const at = words.findIndex(
    (word, index) => word === id && (index === 0 || flags.includes(words[index - 1] ?? '')),
  )
  const last = at >= 0 ? at : words.lastIndexOf(id)
  return words.filter(
    (word, index) =>
      index !== last &&
      !(index === last - 1 && flags.includes(word)) &&
      !flags.some((flag) => word === `${flag}=${id}`),
  )
}

function title(objective: string): string {
  const line = (objective.trim().split('\n')[0] ?? '').replaceAll(/\s+/g, ' ')
  return `"${line.length > 40 ? `${line.slice(0, 39)}…` : line}"`
}
