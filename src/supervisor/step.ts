/** Effects at which a crash must lose nothing: one call stands before each and one after it. */
export type BatchStep =
  | 'ledger'
  | 'worktree'
  | 'spawn'
  | 'candidate'
  | 'checkout'
  | 'join'
  | 'judge'
  | 'head'
  | 'rescue'
  | 'reset'
  | 'publish'
  | 'land'
  | 'push'
  | 'pull-request'

let listener: (step: BatchStep) => void = () => {}

/** For crash tests only: is told of every step and may end the process there. */
export function onBatchStep(next: (step: BatchStep) => void): void {
  listener = next
}

export function batchStep(name: BatchStep): void {
  listener(name)
}
