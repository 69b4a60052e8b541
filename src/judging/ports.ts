import type { Sha256 } from '../base/hash.ts'
import type { Failure, Result } from '../base/result.ts'
import type { Command } from '../contract/types.ts'
import type { EvidenceOptions } from '../evidence/types.ts'
import type { GateResult } from '../gates/types.ts'
import type { RunState } from '../ledger/state.ts'
import type { PlanFact, RunningProcess, WorkingChild } from '../verdict/facts.ts'
import type { WorkspaceLook } from '../workspace/look.ts'
import type { StartFiles } from '../workspace/room/start-content.ts'

/** What looking at a run needs from its driver; `check`, the Stop hook and an attempt give different ones. */
export interface Ports {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly workspace: EvidenceOptions
  /** Directory of the run's baseline files. */
  readonly baselineDir: string
  /** Null when no session is held: there is no agent left to ask. */
  readonly session: SessionPort | null
  /** Is told of every look. */
  readonly looked?: (look: WorkspaceLook) => void
  readonly runGates: RunGates
  /** Null where no gate can run in a clean room: there they run in the workspace, which vouches for nothing. */
  readonly room: RoomPort | null
}

/** What makes the clean room of a run hold what a look saw. */
export interface RoomPort {
  readonly enter: (look: WorkspaceLook) => Promise<RoomAnswer>
}

export type RoomAnswer =
  | { readonly kind: 'ready'; readonly room: ReadyRoom }
  /** These are not what was looked at any more, relative to the root. */
  | { readonly kind: 'moved'; readonly paths: readonly string[] }
  /** A step of `prepare` did not pass. `readsWork`: it, or one before it, reads something that differs from the start. */
  | { readonly kind: 'unprepared'; readonly result: GateResult; readonly readsWork: boolean }
  | { readonly kind: 'refused'; readonly why: Failure }

/** A clean room that holds what was looked at, prepared. */
export interface ReadyRoom {
  readonly runGates: RunGates
  /** For each of these commands, in this order, a digest of all that its word rests on. */
  readonly passKeys: (commands: readonly Command[]) => readonly Sha256[]
  /** Whether gates find something at this path, relative to the root. */
  readonly has: (file: string) => boolean
  /** Files of the tree, relative to the root. */
  readonly files: ReadonlySet<string>
  /** The text of a file of the tree, relative to the root; null where there is none. */
  readonly text: (file: string) => string | null
  /** Directories that lie above the tree, those that `prepare` made among them. */
  readonly layers: readonly string[]
  /** Makes the same room hold these files as they were at the start. Its own gates must have ended. */
  readonly withStart: (files: StartFiles) => Promise<RoomAnswer>
}

/** Asked before each further gate or group of them, and before each further step of a gate that runs alone: false ends the row. */
export type Between = (what: 'gates' | 'steps') => Promise<boolean>

export type RunGates = (commands: readonly Command[], between?: Between) => Promise<readonly GateResult[]>

/** What a live session of an agent knows and no workspace shows. */
export interface SessionPort {
  readonly plan: (run: RunState) => PlanFact
  readonly children: (run: RunState) => readonly WorkingChild[]
  /** The agent's wish to wait for a person, if it is granted for this workspace. */
  readonly wait: (run: RunState, workspace: Sha256) => { readonly reason: string } | null
  /** Used since the run's limits were last made fresh; null where nobody counts them. */
  readonly tokens: (run: RunState) => number | null
  readonly processes: () => readonly RunningProcess[]
  /**
   * Puts on record that these are ended, ends them and tells which are left; a failure when nothing was done. Null for a
   * caller that only looks.
   */
  readonly endProcesses:
    | ((processes: readonly RunningProcess[]) => Promise<Result<readonly RunningProcess[]>>)
    | null
}
