import type { GateOutcome, GateResult } from './types.ts'

/**
 * Runs a gate until its word can be believed. One that is known to pass and fails is run once more at once; where it passes
 * then, only another pass shows that it was chance: three runs at most.
 */
export async function runUntilSure(
  run: (nth: number) => Promise<GateResult>,
  isKnownToPass: boolean,
): Promise<GateResult> {
  const runs: GateResult[] = []
  do runs.push(await run(runs.length + 1))
  while (
    needsAnother(
      runs.map((one) => one.outcome),
      isKnownToPass,
    )
  )
  const last = runs.at(-1)!
  if (runs.length === 1) return last
  const durationMs = runs.reduce((sum, one) => sum + one.durationMs, 0)
  return {
    ...last,
    durationMs,
    runs: runs.map(({ outcome, durationMs: ms, head, tail, logFile }) => ({
      outcome,
      durationMs: ms,
      head,
      tail,
      logFile,
    })),
  }
}

/** Whether these runs leave open what the gate says. */
export function needsAnother(runs: readonly GateOutcome[], isKnownToPass: boolean): boolean {
  const [first, second, ...more] = runs
  if (first === undefined || !isKnownToPass || !speaksOfTheWork(first)) return false
  return second === undefined || (second.kind === 'passed' && more.length === 0)
}

/** One that was ended at a limit would take as long again and say no more. */
export function speaksOfTheWork(outcome: GateOutcome): boolean {
  return (
    outcome.kind === 'failed' &&
    (outcome.cause === 'exit' || outcome.cause === 'signal' || outcome.cause === 'zero-tests')
  )
}
