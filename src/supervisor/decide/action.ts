import type { Sha256 } from '../../base/hash.ts'
import type { AttemptFailure, ParkCode, Rest } from '../record/events.ts'

/** Steps that ask agents who only read. */
export type AskKind = 'plan' | 'review-plan' | 'review'

/** What is to be begun. */
export type Action =
  | { readonly kind: 'open'; readonly item: string }
  /** Asks whether everything that an item wants is there already. */
  | { readonly kind: 'look'; readonly item: string }
  | { readonly kind: 'park'; readonly item: string; readonly code: ParkCode }
  | {
      readonly kind: 'worktree' | 'turn' | 'candidate' | 'judge' | 'integrate' | 'finish'
      readonly fence: number
    }
  /** Asks these, at the same time. */
  | { readonly kind: AskKind; readonly fence: number; readonly agents: readonly string[] }
  /** Puts on record that not all passed the plan with this digest. */
  | { readonly kind: 'settle-plan'; readonly fence: number; readonly plan: Sha256 }
  /** Puts on record that not all passed it. */
  | { readonly kind: 'settle-review'; readonly fence: number; readonly tree: string }
  /** Another agent goes on with it. */
  | { readonly kind: 'hand-over'; readonly fence: number; readonly agent: string }
  /** Puts on record that the attempt is over; `wind-up` then rescues and resets. */
  | { readonly kind: 'fail'; readonly fence: number; readonly failure: AttemptFailure }
  | { readonly kind: 'wind-up'; readonly fence: number }
  /** Puts on record that nobody is at its turn, which is then taken again. */
  | { readonly kind: 'retake'; readonly fence: number }
  /** The final profile on the head. */
  | { readonly kind: 'check-head' }
  | { readonly kind: 'rest'; readonly rest: Rest }
