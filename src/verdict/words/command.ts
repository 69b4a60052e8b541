import { never } from '../../base/result.ts'
import type { CommandRecord } from '../../gates/command-record.ts'

/** What became of a command, in a few words. */
export function commandWords(command: CommandRecord): string {
  switch (command.outcome) {
    case 'passed':
      return 'passed'
    case 'could-not-run':
      return `${command.why ?? 'it could not run'}${command.fix === null ? '' : `; fix: ${command.fix}`}`
    case 'failed':
      return failedWords(command)
    default:
      return never(command.outcome, 'outcome')
  }
}

function failedWords({ cause, exitCode, signal, why }: CommandRecord): string {
  switch (cause) {
    case 'exit':
      return `failed with exit code ${exitCode ?? '?'}`
    case 'signal':
      return `was killed by ${signal ?? 'a signal'}`
    case 'timeout':
      return 'took longer than its time limit and was ended'
    case 'killed':
      return 'was ended before it was done (deadline of the hook, or the run was closed)'
    case null:
      return why ?? 'failed'
    default:
      return never(cause, 'cause')
  }
}
