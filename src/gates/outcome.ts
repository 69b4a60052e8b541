import type { Failure } from '../base/result.ts'
import type { Command } from '../contract/types.ts'
import { serviceSeconds } from './services.ts'
import type { Exit } from './started.ts'
import type { GateOutcome } from './types.ts'

/** How a launch came to its end: the first cause wins. */
export type End =
  | { readonly cause: 'exit'; readonly exit: Exit }
  | { readonly cause: 'timeout' }
  /** The limit for the start. A mark that comes after it is too late: the command was being ended. */
  | { readonly cause: 'late' }
  | { readonly cause: 'killed' }

/**
 * How long a launch may take until its start mark. A busy machine's delay is not the command's own, so a command with a
 * short time limit waits longer for its sandbox; the caller's abort still ends both.
 */
export function startSeconds(command: Command): number {
  return Math.max(30, command.timeoutSeconds) + serviceSeconds(command.services ?? [])
}

export const KILLED: GateOutcome = { kind: 'failed', exitCode: null, signal: null, cause: 'killed' }

/** A command that started: passed only with exit code 0. */
export function outcomeOf(end: Exclude<End, { readonly cause: 'late' }>): GateOutcome {
  if (end.cause !== 'exit') return { kind: 'failed', exitCode: null, signal: null, cause: end.cause }
  const { code, signal } = end.exit
  if (code === 0 && signal === null) return { kind: 'passed' }
  return { kind: 'failed', exitCode: code, signal, cause: signal === null ? 'exit' : 'signal' }
}

/** What passed and tested nothing has proved nothing. */
export const ZERO_TESTS: GateOutcome = { kind: 'failed', exitCode: 0, signal: null, cause: 'zero-tests' }

/** No start mark: whatever the exit code, nothing was learned about the work. `said` is what the sandbox wrote. */
export function notStarted(end: End, said: string, command: Command): GateOutcome {
  // A terminal's Ctrl-C may reach the sandbox before it reaches us; it says nothing about the machine either.
  if (end.cause === 'killed' || (end.cause === 'exit' && isInterrupt(end.exit))) return KILLED
  const words = said === '' ? '' : `: ${said.split('\n').slice(0, 6).join('\n').slice(0, 1500)}`
  return end.cause === 'exit'
    ? {
        kind: 'could-not-run',
        why: `it did not start (exit code ${end.exit.code ?? end.exit.signal})${words}`,
        fix: 'autonomous-loop doctor',
      }
    : { kind: 'could-not-run', why: `it did not start within ${startSeconds(command)} s${words}` }
}

/** By the signal itself, or as a shell tells of it. */
export function isInterrupt({ code, signal }: Exit): boolean {
  return signal === 'SIGINT' || code === 130
}

/** More than the approved limit: nothing is known of the work, and a full disk would be everybody's. */
export function wroteTooMuch(mostBytes: number): GateOutcome {
  const gigabytes = Math.round((mostBytes / 2 ** 30) * 100) / 100
  return {
    kind: 'could-not-run',
    why: `disk: it wrote more than ${gigabytes} GiB`,
    fix: 'let it write less, or raise `limits.outputBytes` in the project config',
  }
}

/** What fails then may fail for that, and for nothing else. */
export const DISK_FULL: GateOutcome = {
  kind: 'could-not-run',
  why: 'disk: no space was left where it writes',
  fix: 'make room on the disk of the home of autonomous-loop',
}

export function couldNotRun(failure: Failure): GateOutcome {
  return {
    kind: 'could-not-run',
    why: failure.message,
    ...(failure.fix === undefined ? {} : { fix: failure.fix }),
  }
}
