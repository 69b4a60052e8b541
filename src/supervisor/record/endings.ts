import type { Outcome } from '../../agents/agent.ts'

/** Why an attempt is over without its work in the head. */
export type AttemptFailure =
  /** Turns, or the same tree with the same blockers, used up. */
  | { readonly kind: 'turns' | 'no-progress' | 'conflict' }
  | { readonly kind: 'agent'; readonly outcome: Outcome }
  /** Reviewers did not pass it, as often as they may be asked. */
  | { readonly kind: 'review' }
  /** Critics did not pass its plan, as often as one may be asked for. */
  | { readonly kind: 'plan' }
  /** Whoever planned it changed files, and nobody began to work. */
  | { readonly kind: 'plan-touched'; readonly agent: string; readonly paths: readonly string[] }
  | { readonly kind: 'halted' }
  /** An iteration left everything as it was; the next one does not begin before `until`, ms since the epoch. */
  | { readonly kind: 'no-change'; readonly until: number }
  /** The supervisor died while an agent without a conversation was at work. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'worktree-gone' }
  | { readonly kind: 'contract-changed' }
  | { readonly kind: 'dropped' }
  /** The item waits for a person. */
  | { readonly kind: 'parked'; readonly code: ParkCode; readonly why?: string }

export type ParkCode =
  | 'attempts'
  | 'budget'
  | 'spawns'
  | 'no-progress'
  | 'conflict'
  | 'already-met'
  | 'blocked'
  | 'proposal'
  | 'contract-changed'
  | 'definition'
  | 'could-not-run'
  | 'stagnation'
  | 'stopped-by-agent'
  /** A reviewer wants a person to look. */
  | 'review'

/** How a batch came to rest. */
export type Rest =
  | { readonly state: 'completed' }
  | { readonly state: 'active'; readonly code: 'iterations' | 'until' | 'chosen' }
  | { readonly state: 'parked'; readonly code: 'items' | 'parked-in-a-row' }
  | {
      readonly state: 'paused'
      readonly code:
        | 'stopped'
        | 'config-changed'
        | 'approval-withdrawn'
        | 'disk-low'
        | 'head-red'
        | 'could-not-run'
        | 'disk-full'
        | 'spawns'
        | 'signal'
        /** Its process was killed or broke so often that it is not started again. */
        | 'crashed'
        /** Never in a ledger: nobody is at it. */
        | 'not-running'
      readonly why?: string
    }
  | {
      readonly state: 'halted'
      readonly code: 'head-moved' | 'no-agent' | 'budget' | 'integrity'
      readonly why?: string
    }
  | { readonly state: 'suspended'; readonly until: number | null }
