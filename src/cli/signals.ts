import os from 'node:os'

/** What a first and a second signal of a person abort. */
export interface CaughtSignals {
  readonly ending: AbortSignal
  readonly killing: AbortSignal
  /** As if the first signal had come. */
  readonly end: () => void
  /** 130, 143 or 129 once one came; null before. */
  readonly code: () => number | null
  readonly close: () => void
}

const CAUGHT = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function catchSignals(): CaughtSignals {
  const [first, second] = [new AbortController(), new AbortController()]
  let code: number | null = null
  const caught = (signal: (typeof CAUGHT)[number]): void => {
    if (first.signal.aborted) second.abort(signal)
    code ??= 128 + os.constants.signals[signal]
    first.abort(signal)
  }
  // Whoever reads what is printed is gone, as a terminal that was closed. It is said with every line, and meant once.
  const unread = (): void => {
    if (!first.signal.aborted) caught('SIGHUP')
  }
  for (const signal of CAUGHT) process.on(signal, caught)
  process.stdout.on('error', unread)
  return {
    ending: first.signal,
    killing: second.signal,
    end: () => first.abort('stop'),
    code: () => code,
    close: () => {
      for (const signal of CAUGHT) process.off(signal, caught)
      process.stdout.off('error', unread)
    },
  }
}
