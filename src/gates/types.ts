import type { Result } from '../base/result.ts'
import type { LikelyCause } from './likely-cause.ts'
import type { Network } from '../contract/network.ts'
import type { MixedWhy } from '../contract/steps.ts'
import type { Reached } from './reach.ts'
import type { Command } from '../contract/types.ts'
import type { GateRow } from './row.ts'
import type { Preflight } from './preflight.ts'

export type GateOutcome =
  | { readonly kind: 'passed' }
  | {
      readonly kind: 'failed'
      readonly exitCode: number | null
      readonly signal: string | null
      /** `zero-tests`: it ended with 0, and its test runner said that it ran none. */
      readonly cause: 'exit' | 'signal' | 'timeout' | 'killed' | 'zero-tests'
      /** What the machine may lack, as the output has it. */
      readonly likely?: LikelyCause
    }
  /** A step changed what the next one means, which was not run. */
  | {
      readonly kind: 'failed'
      readonly exitCode: null
      readonly signal: null
      readonly cause: 'changed'
      /** Files of the definition, sorted. */
      readonly changed: readonly string[]
    }
  /** Not the agent's fault: nothing can be said about the work. */
  | { readonly kind: 'could-not-run'; readonly why: string; readonly fix?: string; readonly lacks?: Lack }

/** What a gate gets at the stop and not where an agent checks its own work: that it fails there says nothing. */
export type Lack = 'loopback'

/**
 * How much of the box a machine grants, the best first. `box`: namespaces of its own, and the disk through layers that are
 * thrown away. `box-no-unix`: without such layers, so unix sockets are refused altogether. `codex-only`: Codex's sandbox
 * alone, which has no loopback.
 */
export const rungs = ['box', 'box-no-unix', 'codex-only'] as const
export type BoxRung = (typeof rungs)[number]

/** What a gate of format version 2 really got. */
export interface GateBox {
  readonly rung: BoxRung
  /** `none` although `loopback` was asked for, where the rung has none. */
  readonly network: Network
  /** What of the machine it was let into, as in the config, with links and globs resolved. Absent: nothing. */
  readonly reach?: readonly string[]
  /** It spoke to a container engine, which sees the machine's own paths: its word is of the place it ran in alone. */
  readonly vouches?: 'in-place'
  /** It ran in a clean room of ours. Absent: in the workspace. */
  readonly place?: 'clean-room'
  /** Links of the work that lead out of the tree, which the room does not have; sorted. Absent: none. */
  readonly without?: readonly string[]
  /** Absent where an older release did not keep it. */
  readonly seal?: Seal
  /** What this box does not hold, or nobody knows of. Absent: no preflight was made on the machine as it was. */
  readonly preflight?: Preflight
}

/** Whether the tree that a gate judges was out of its reach, and which files that were there before it wrote to, sorted. */
export type Seal =
  /** It ran on a layer above the tree that is thrown away. */
  | { readonly kind: 'sealed'; readonly rewrote: readonly string[] }
  | { readonly kind: 'not-sealed'; readonly why: string; readonly rewrote: readonly string[] }

/** The tree of one launch, from before it starts until nothing of it is alive. */
export interface JudgedTree {
  /** Bytes that it may write. */
  readonly mostBytes: number
  /** Asked now and then while it runs. */
  readonly isOver: () => boolean
  /** Throws away what it wrote, but for what it keeps once it has passed, and tells what that was. */
  readonly end: (passed: boolean) => EndedTree
}

export interface EndedTree {
  readonly seal: Seal
  readonly isOver: boolean
  /** The disk that it writes to was seen without room. */
  readonly isFull: boolean
  /** Why nobody can say what the gate wrote; null as a rule. */
  readonly lost: string | null
}

export interface GateResult {
  readonly name: string
  readonly argv: readonly string[]
  readonly outcome: GateOutcome
  readonly durationMs: number
  /**
   * stdout and stderr together, bounded, control characters kept. `tail` always holds the last part, so short output is
   * whole in `tail` and `head` is empty; `head` never repeats what `tail` has.
   */
  readonly head: string
  readonly tail: string
  readonly outputBytes: number
  /** Whole output up to a limit; null when nothing was written. */
  readonly logFile: string | null
  readonly sandboxed: boolean
  /** Null for a gate that asked for no box. */
  readonly box: GateBox | null
  /** Those that were run, where the command was taken apart; `of` is how many it has. */
  readonly steps?: readonly StepResult[]
  readonly of?: number
  /** Why several programs of it shared one process tree; absent where they did not, or where nobody looked (version 1). */
  readonly mixed?: MixedWhy
  /** All its runs in order, this one the last, where one was not enough; see `runUntilSure`. */
  readonly runs?: readonly GateRunResult[]
}

/** One of several runs of a gate. */
export type GateRunResult = Pick<GateResult, 'outcome' | 'durationMs' | 'head' | 'tail' | 'logFile'>

/** One step of a command, run as a gate of its own. */
export interface StepResult {
  readonly label: string
  readonly outcome: GateOutcome
  readonly durationMs: number
  readonly logFile: string | null
  readonly mixed: MixedWhy | null
}

/** How one argv becomes the argv that is really started. Made by codex/ (sandbox) and handed in. */
export interface Launch {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly sandboxed: boolean
  readonly box?: GateBox
  readonly tree?: JudgedTree
  /** Whether what it was made of has changed, so that one that did not start is worth another. */
  readonly isStale?: () => boolean
  /** Opened for it as descriptors from FIRST_DEVICE on. */
  readonly devices?: readonly string[]
}

/** What a gate wants to have started: an argv that announces itself (starter) and its environment. */
export interface GateStart {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly command: Command
  /** Absent for one that runs alone. */
  readonly row?: GateRow
  readonly reached: Reached
}

/** Wraps a start for the sandbox, or leaves it alone (`directLaunch`). A Failure makes the gate could-not-run. */
export type Launcher = (start: GateStart) => Result<Launch> | Promise<Result<Launch>>
