import type { Failure } from '../base/result.ts'
import type { BoxRung } from '../gates/types.ts'
import type { Answer } from './answer.ts'
import type { AnswerForm } from './answer-form.ts'
import type { AgentProcess } from './agent-process.ts'

export type Role = 'work' | 'plan' | 'planReview' | 'review'

/** One message to an agent: all that it is started with, and what its answer has to look like. */
export interface Turn<A = Answer> extends TurnBase {
  readonly form: AnswerForm<A>
}

/** Paths are absolute, links resolved. */
export interface TurnBase {
  /** Any but `work` only reads the workspace. */
  readonly role: Role
  readonly item: string
  /** Both count from 1. */
  readonly attempt: number
  readonly turn: number
  /** The worktree, or the part of it that the config is about. A worker may write it. */
  readonly workspace: string
  /** Directories elsewhere that it is to read, for programs that have to be told. */
  readonly readable?: readonly string[]
  /** The agent reads it; it lies where the agent cannot write. The form of the answer is put beside it. */
  readonly promptFile: string
  /** For logs, out of the agent's reach. Made if missing. */
  readonly dir: string
  /**
   * Of this attempt alone, out of the workspace and of our home. The agent may write it: its temp directory and its answer lie there.
   * Made if missing; whoever made the attempt removes it.
   */
  readonly scratch: string
  /** Goes on with this conversation; null, and where the program does not know it: a new one. */
  readonly conversation: string | null
  /** How hard the model is to think, in the words of its program; null: as the agent is set. */
  readonly effort: string | null
  /** Tokens of that conversation that are on record already: what a turn used that was cut short counts for the next one. */
  readonly spent: number
  readonly limits: TurnLimits
}

/** Milliseconds, by the monotonic clock. */
export interface TurnLimits {
  /** Without any sign of the agent. */
  readonly silentMs: number
  readonly lengthMs: number
  /** From TERM to KILL. */
  readonly graceMs: number
}

export type AgentEvent =
  /** The first event, and none where nothing was started. `sandbox`: what is around it. */
  | {
      readonly kind: 'started'
      readonly process: AgentProcess
      readonly sandbox: BoxRung | 'off'
    }
  /** As soon as it is known; not told by programs that keep none. */
  | { readonly kind: 'conversation'; readonly id: string }
  /** At most one a second. */
  | { readonly kind: 'activity' }
  | { readonly kind: 'message'; readonly text: string }
  /** In all of this turn so far: of a conversation what is not on record already. */
  | { readonly kind: 'usage'; readonly tokens: number }
  /** In the words of the program or its service, what the turn failed with: for a person, and nothing is decided by it. */
  | { readonly kind: 'failure'; readonly text: string }
  /** What is left of a quota, as the service said it last. */
  | { readonly kind: 'windows'; readonly windows: readonly QuotaWindow[] }

export interface QuotaWindow {
  readonly usedPercent: number
  /** Milliseconds since the epoch. */
  readonly resetsAt: number | null
  readonly windowMinutes: number | null
}

/** How a turn ended, from structured sources only. */
export type Outcome<A = Answer> =
  | { readonly kind: 'finished'; readonly answer: A }
  /** Milliseconds since the epoch; null: unknown. */
  | { readonly kind: 'quota'; readonly resetsAt: number | null }
  | { readonly kind: 'overloaded' }
  | { readonly kind: 'network' }
  /** Somebody else has its conversation open. */
  | { readonly kind: 'in-use' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'model-unknown' }
  | { readonly kind: 'context-full' }
  | { readonly kind: 'budget' }
  | { readonly kind: 'refused' }
  /** The service did not take the request: a setting is wrong, or something in the conversation. */
  | { readonly kind: 'rejected' }
  | { readonly kind: 'crashed'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'silent' }
  | { readonly kind: 'too-long' }
  /** It answered in a form that nobody can read. */
  | { readonly kind: 'unreadable'; readonly why: string }
  /** We were told to end it. */
  | { readonly kind: 'stopped' }
  /** The program itself never began. */
  | { readonly kind: 'could-not-start'; readonly why: Failure }

/** `soft`: TERM, and KILL after the grace; `now`: KILL. */
export type StopHow = 'soft' | 'now'

export interface RunningAgent<A = Answer> {
  /** Never rejects. Resolves once nothing of the agent is alive. */
  readonly ended: Promise<Outcome<A>>
  /** May be called again, and after the end. */
  stop(how: StopHow): void
}

export interface Agent {
  start<A>(turn: Turn<A>, events: (event: AgentEvent) => void): RunningAgent<A>
}
