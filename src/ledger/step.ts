/** Moments between two effects at which a crash must lose nothing. */
export type Step =
  | 'start:before-marker'
  | 'start:after-marker'
  | 'start:after-ledger'
  | 'start:after-started'
  | 'append:locked'
  | 'ledger:before-write'
  | 'ledger:after-write'
  | 'ledger:after-sync'
  | 'end:before-unmark'
  | 'end:after-unmark'
  | 'settle:after-disable'
  | 'settle:after-taking'
  | 'settle:after-unjudged'
  | 'archive:after-close'

let listener: (step: Step) => void = () => {}

/** For crash tests only: is told of every step and may end the process there. */
export function onStep(next: (step: Step) => void): void {
  listener = next
}

export function step(name: Step): void {
  listener(name)
}
