import { never } from '../../base/result.ts'
import { likelyWords, stuckWords } from './likely-cause.ts'
import type { CommandRecord } from '../../gates/command-record.ts'

/** What became of a command, in a few words. */
export function commandWords(command: CommandRecord): string {
  switch (command.outcome) {
    case 'passed':
      return 'passed'
    case 'could-not-run':
      if (command.lacks) return 'runs at the stop; your sandbox has no loopback'
      if (command.likely) return stuckWords(command, command.likely)
      return `${command.why ?? 'it could not run'}${command.fix === null ? '' : `; fix: ${command.fix}`}`
    case 'failed':
      return failedWords(command)
    default:
      return never(command.outcome, 'outcome')
  }
}

function failedWords({ cause, exitCode, signal, why, likely, asAtStart }: CommandRecord): string {
  switch (cause) {
    case 'exit':
      return `failed with exit code ${exitCode ?? '?'}${likely ? `; a likely cause: ${likelyWords(likely)}` : ''}`
    case 'signal':
      return `was killed by ${signal ?? 'a signal'}`
    case 'timeout':
      return 'took longer than its time limit and was ended'
    case 'killed':
      return 'was ended before it was done (deadline of the hook, or the run was closed)'
    case 'zero-tests':
      return `ended with exit code 0, but ran no tests${asAtStart ? ', and none at the start either' : ''}`
    case null:
      return why ?? 'failed'
    default:
      return never(cause, 'cause')
  }
}
