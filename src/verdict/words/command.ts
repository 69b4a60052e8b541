import { never } from '../../base/result.ts'
import { likelyWords, stuckWords } from './likely-cause.ts'
import { oneLine } from '../../base/text.ts'
import type { CommandRecord } from '../../gates/command-record.ts'

/** What became of a command, in a few words. */
export function commandWords(command: CommandRecord): string {
  const words = outcomeWords(command)
  if (command.tests === undefined) return words
  return command.outcome === 'failed'
    ? `the start's tests fail on this work (those of the work pass): ${words}`
    : `with the start's tests (those of the work pass): ${words}`
}

function outcomeWords(command: CommandRecord): string {
  switch (command.outcome) {
    case 'passed':
      return 'passed'
    case 'could-not-run':
      if (command.lacks) return 'runs at the stop; your sandbox has no loopback'
      if (command.prepares) return stepWords(command)
      if (command.likely) return stuckWords(command, command.likely)
      return couldNotRunWords(command)
    case 'failed':
      return failedWords(command)
    default:
      return never(command.outcome, 'outcome')
  }
}

/** A step of `prepare` that says nothing about the work. */
function stepWords(command: CommandRecord): string {
  if (command.cause === null) return couldNotRunWords(command)
  const why = command.asAtStart
    ? 'as it did before there was any work'
    : 'although nothing that it reads differs from the start'
  return `${failedWords(command)}, ${why}`
}

const couldNotRunWords = ({ why, fix }: CommandRecord): string =>
  `${why ?? 'it could not run'}${fix === null ? '' : `; fix: ${fix}`}`

function failedWords(command: CommandRecord): string {
  const { cause, exitCode, signal, why, likely, asAtStart } = command
  switch (cause) {
    case 'exit':
      return `failed with exit code ${exitCode ?? '?'}${inStep(command)}${likely ? `; a likely cause: ${likelyWords(likely)}` : ''}`
    case 'signal':
      return `was killed by ${signal ?? 'a signal'}${inStep(command)}`
    case 'timeout':
      return `took longer than its time limit and was ended${inStep(command)}`
    case 'changed':
      return `stopped${inStep(command)}: that step changed ${listed(command.changed ?? [])}, and the steps after it rest on it`
    case 'killed':
      return 'was ended before it was done (deadline of the hook, or the run was closed)'
    case 'zero-tests':
      return `ended with exit code 0${inStep(command)}, but ran no tests${asAtStart ? ', and none at the start either' : ''}`
    case null:
      return why ?? 'failed'
    default:
      return never(cause, 'cause')
  }
}

const maxLabel = 80
const maxNames = 5

/** Which step decided; nothing for a command of one. */
function inStep({ steps, of }: CommandRecord): string {
  const last = steps?.at(-1)
  if (steps === undefined || last === undefined) return ''
  return ` in step ${steps.length} of ${of ?? steps.length} (${oneLine(last.label, maxLabel)})`
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'the workspace'
  const more = names.length - maxNames
  return names.slice(0, maxNames).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
