import type { HaltCause, ParkCause } from './judgement.ts'

/*
 *                    pause                      stop: park
 *        ┌──── paused ◄──────── active ◄────────────────────► parked
 *        └────── resume ──────►  │  ▲ ▲        prompt, resume    │
 *                    stop: halt  │  │ └── resume ── halted       │
 *                                ▼  └── (fresh limits)           │
 *                              halted                            │
 *   any open one ── closed ─► waived, disabled
 *
 *   active ── stop: release ─► released, provisional ── finalised ─► released, final
 *     ▲                                │
 *     └── reopened: the agent went on ─┘
 */

/** Where a run stands, with what is known only there. */
export type Standing =
  | { readonly status: 'active' }
  | { readonly status: 'paused' }
  | { readonly status: 'parked'; readonly park: ParkCause }
  | { readonly status: 'halted'; readonly halt: HaltCause }
  | { readonly status: 'released'; readonly closed: Closing; readonly release: Release }
  | { readonly status: 'waived' | 'disabled'; readonly closed: Closing }

/** `released` only ever by a verdict; the other two by a person. */
export type Ending = 'released' | 'waived' | 'disabled'

export interface Closing {
  readonly how: Ending
  readonly by: string
  readonly reason: string | null
  /** ms */
  readonly at: number
}

/** What a released run still waits for. */
export type Release =
  | {
      /** The session may go on by itself; until a person does, or it ends, the agent's next act opens the run again. */
      readonly standing: 'provisional'
      /** The turn that was released; null where Codex named none. */
      readonly turnId: string | null
      /** A prompt of the person came since, so that turns after it are theirs. */
      readonly prompted: boolean
      /** A hook saw the agent act before any prompt came. */
      readonly worked: boolean
    }
  | {
      readonly standing: 'final'
      /** How it came to be final; null: at once, as that of an attempt, or of a release before 0.5. */
      readonly look: FinalLook | null
    }

/** What was seen when a release became final. */
export interface FinalLook {
  readonly how: FinalBy
  readonly looked: 'unchanged' | 'changed' | 'not-looked'
  /** What differed from what was released, though no turn of the agent ran after it; null unless changed. */
  readonly changes: ChangedSince | null
  /** Why nobody looked; null otherwise. */
  readonly why: string | null
}

/** The person's next prompt, the stop after it, a question for the exit code, the session's end, the next run of the session. */
export type FinalBy = 'prompt' | 'stop' | 'check' | 'session-end' | 'next-run'

/** Paths, relative to the root, that are not as they were released: the first ones by name, and how many more. */
export interface ChangedSince {
  readonly paths: readonly string[]
  readonly more: number
}

export type RunStatus = Standing['status']

/** active, paused, parked and halted runs are open: their contract still holds. */
export function isOpen<Run extends Standing>(run: Run): run is Run & Exclude<Standing, { closed: Closing }> {
  return !('closed' in run)
}

/** Released, and not yet for good: its session is still looked after. */
export function isProvisional<Run extends Standing>(
  run: Run,
): run is Run & { status: 'released'; release: Extract<Release, { standing: 'provisional' }> } {
  return run.status === 'released' && run.release.standing === 'provisional'
}
