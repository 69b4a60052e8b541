import { never } from '../base/result.ts'
import type { GateResult } from '../gates/types.ts'
import type { CommandRecord } from '../ledger/events.ts'

const maxTailBytes = 6_000

/** A gate's result as the ledger keeps it: the detail in words, the output's end, the log for the rest. */
export function commandRecord(result: GateResult): CommandRecord {
  const { outcome } = result
  return {
    name: result.name,
    argv: result.argv,
    outcome: outcome.kind,
    exitCode: outcome.kind === 'failed' ? outcome.exitCode : outcome.kind === 'passed' ? 0 : null,
    detail: detailOf(result),
    durationMs: result.durationMs,
    tail: lastBytes(result.tail === '' ? result.head : result.tail),
    logFile: result.logFile,
    sandboxed: result.sandboxed,
  }
}

function detailOf({ outcome }: GateResult): string {
  switch (outcome.kind) {
    case 'passed':
      return 'passed'
    case 'could-not-run':
      return outcome.fix ? `${outcome.why}; fix: ${outcome.fix}` : outcome.why
    case 'failed':
      switch (outcome.cause) {
        case 'exit':
          return `failed with exit code ${outcome.exitCode ?? '?'}`
        case 'signal':
          return `was killed by ${outcome.signal ?? 'a signal'}`
        case 'timeout':
          return 'took longer than its time limit and was ended'
        case 'killed':
          return 'was ended before it was done (deadline of the hook, or the run was closed)'
        default:
          return never(outcome.cause, 'cause')
      }
    default:
      return never(outcome, 'outcome')
  }
}

function lastBytes(text: string): string {
  return text.length <= maxTailBytes ? text : text.slice(-maxTailBytes)
}
