import type { HaltCause, ParkCause } from './judgement.ts'

/*
 *                    pause                      stop: park
 *        ┌──── paused ◄──────── active ◄────────────────────► parked
 *        └────── resume ──────►  │  ▲ ▲        prompt, resume    │
 *                    stop: halt  │  │ └── resume ── halted       │
 *                                ▼  └── (fresh limits)           │
 *                              halted                            │
 *   any open one ── stop: release ─► released   closed ─► waived, disabled
 */

/** Where a run stands, with what is known only there. */
export type Standing =
  | { readonly status: 'active' }
  | { readonly status: 'paused' }
  | { readonly status: 'parked'; readonly park: ParkCause }
  | { readonly status: 'halted'; readonly halt: HaltCause }
  | { readonly status: Ending; readonly closed: Closing }

/** `released` only ever by a verdict; the other two by a person. */
export type Ending = 'released' | 'waived' | 'disabled'

export interface Closing {
  readonly how: Ending
  readonly by: string
  readonly reason: string | null
  /** ms */
  readonly at: number
}

export type RunStatus = Standing['status']

/** active, paused, parked and halted runs are open: their contract still holds. */
export function isOpen<Run extends Standing>(run: Run): run is Run & Exclude<Standing, { closed: Closing }> {
  return !('closed' in run)
}
