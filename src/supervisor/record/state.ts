import type { ProcessId } from '../../base/process-id.ts'
import type { Sha256 } from '../../base/hash.ts'
import type { Outcome } from '../../agents/agent.ts'
import type { Proposal } from '../../agents/answer.ts'
import type {
  AttemptFailure,
  BatchEventData,
  BatchOpened,
  Finding,
  FrozenItem,
  GoalAnswer,
  ParkCode,
  PullRequest,
  PushedCommit,
  Rest,
  TakenCommit,
  TreeVerdict,
} from './events.ts'
import type { GoalState } from './goal-state.ts'
import type { Planning } from './planning.ts'
import type { Review, ToldFinding } from './review.ts'

/*
 * A batch as the fold of its ledger.
 *
 *   item      open ─► working ─► done            attempt   worktree ─► ready ─► working ─► turned ─► candidate
 *              ▲        │                                                ▲                            │ joined, judged
 *              └────────┴─► parked, dropped                              └── told ◄─── doubted ◄── judged ─► (review) ─► integrating
 *                                                          every way out that is not done ─► ending ─► (over)
 */

export type ItemStanding =
  | { readonly kind: 'open' }
  | { readonly kind: 'working'; readonly fence: number }
  | { readonly kind: 'done'; readonly commit: string }
  /** `fence`: its attempt stands still, and goes on if a person says so. */
  | {
      readonly kind: 'parked'
      readonly code: ParkCode
      readonly why?: string
      readonly fence?: number
    }
  | { readonly kind: 'dropped' }

/** Tokens as agents' programs wrote them down, and time of turns and of judging. */
export interface Spent {
  readonly tokens: number
  readonly ms: number
}

export interface ItemState {
  readonly frozen: FrozenItem
  /** What its file says by now, which a person rejected; null: the file is gone, and that too; undefined: nothing was rejected. */
  readonly rejected?: Sha256 | null
  readonly standing: ItemStanding
  /** Texts that it had before, and when it last gave each up, ms since the epoch; absent: none. */
  readonly givenUp?: ReadonlyMap<Sha256, number>
  /** The last one that an agent made; undefined: none, or it was taken up. */
  readonly proposal?: {
    readonly attempt: number
    readonly summary: string
    readonly proposal: Proposal
    readonly refused: boolean
  }
  /** Whole work of an attempt during which the text changed: it is judged before anybody works again. */
  readonly kept?: { readonly base: string; readonly candidate: Candidate }
  /** A person opened it again after it was done. */
  readonly reopened?: true
  /** Attempts that were opened; numbers them. */
  readonly attempts: number
  /** Those that count against the limit. */
  readonly counted: number
  readonly spawns: number
  /** In all. */
  readonly spent: Spent
  /** Of that, before a person last gave it fresh limits. */
  readonly spentBefore: Spent
  /** Attempts that ended without progress. */
  readonly stuck: number
  readonly conflicts: number
  /** The file of an item that is done, as it was last seen to differ; undefined: it never did. */
  readonly edited: Sha256 | null | undefined
  /** The last look before an attempt; null: none since a person spoke. */
  readonly looked: { readonly head: string; readonly isMet: boolean } | null
  /** That its last attempt had; null before the first. */
  readonly worktree: string | null
  /** Failures so far, oldest first, for the prompt of the next attempt. */
  readonly failures: readonly {
    readonly attempt: number
    readonly failure: AttemptFailure
    readonly record: string | null
    /** What its worker was told last; absent: nothing besides the item. */
    readonly told?: Said
  }[]
  /** Null: an item of a backlog. */
  readonly goal: GoalState | null
}

/** An agent of the config, as it did in this batch. */
export interface AgentState {
  /** Crashes, silence and the like since verified progress or a person's word. */
  readonly failures: number
  /** How often in a row its service was in the way. */
  readonly passing: number
  /** `isShared`: a file in the home says how long, and this is only what was last seen of it. */
  readonly waits: { readonly until: number; readonly why: string; readonly isShared: boolean } | null
  /** What keeps it from being used until a person has a look. */
  readonly unusable: 'signed-out' | 'model-unknown' | null
  /** What it failed with last, in the words of its program; null: it said nothing. */
  readonly said: string | null
}

/** What the worker is told at its next turn, besides the item. */
export type Said =
  | { readonly kind: 'item' }
  /** `alone`: it was released for a head that others have moved since. */
  | { readonly kind: 'verdict'; readonly record: string; readonly alone: boolean }
  | { readonly kind: 'findings'; readonly findings: readonly Finding[] }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }
  /** Not every reviewer passed it. */
  | { readonly kind: 'review'; readonly findings: readonly ToldFinding[] }
  /** Critics refused its plans, and no worker began. */
  | { readonly kind: 'plan-review'; readonly findings: readonly ToldFinding[] }
  | { readonly kind: 'continue' }

export type Told =
  | Said
  /** Another conversation was at it, and this one is new: what is there, and what that one was told last. */
  | { readonly kind: 'facts'; readonly last: Said }

export interface Candidate {
  readonly commit: string
  readonly tree: string
}

/** What is done next is what the stage names; it is on disk before it begins. */
export type Stage =
  | { readonly at: 'worktree' }
  | { readonly at: 'ready'; readonly told: Told }
  | { readonly at: 'working'; readonly since: number; readonly told: Told }
  | { readonly at: 'turned'; readonly outcome: Outcome }
  | { readonly at: 'candidate'; readonly candidate: Candidate }
  /** Gates are red, and the head as it is has not been asked yet. */
  | { readonly at: 'doubted'; readonly candidate: Candidate; readonly told: Told }
  | { readonly at: 'released'; readonly candidate: Candidate; readonly verdict: TreeVerdict }
  | {
      readonly at: 'integrating'
      readonly candidate: Candidate
      readonly commit: string
      readonly from: string
      readonly layers: readonly string[]
      readonly without: readonly string[]
    }
  | { readonly at: 'integrated'; readonly candidate: Candidate; readonly commit: string }
  /** `told`: last, before it ended. */
  | { readonly at: 'ending'; readonly failure: AttemptFailure; readonly told?: Said }

export interface AttemptState {
  readonly item: string
  readonly fence: number
  readonly attempt: number
  readonly base: string
  /** Of the text that it was opened for. */
  readonly digest: Sha256
  readonly agent: string
  /** Null: as the agent is set. */
  readonly effort: string | null
  /** '' until it is ready. */
  readonly worktree: string
  readonly turn: number
  /** Its turns go on with this one; null: its agent keeps none, or has not begun. */
  readonly conversation: string | null
  /** Tokens of that conversation that are on record. */
  readonly spent: number
  readonly stage: Stage
  readonly openedAt: number
  /** Time of its last event. */
  readonly at: number
  /** The last tree and what stood in its way, and how often in a row. */
  readonly same: { readonly key: string; readonly times: number }
  /** The engine's record that spoke last. */
  readonly record: string | null
  /** Hash of its last event by then. */
  readonly recordHead: string | null
  /** Gates that could not run, in a row. */
  readonly machine: number
  /** The head on which the final profile passed since the attempt was opened, when its own gates had failed. */
  readonly checkedHead: string | null
  /** Its last turn was taken once more, because the agent failed. */
  readonly isResumed: boolean
  /** Conversations that were left: too long for their agent, or with a request that was not taken. */
  readonly contexts: number
  /** What the worker of a goal said last; null: nothing yet. */
  readonly claim: GoalAnswer | null
  /** What reviewers said last, by agent; of a tree, which may be another by now. */
  readonly reviews: ReadonlyMap<string, Review>
  /** How often findings of reviewers went back to the worker. */
  readonly rounds: number
  /** The tree with which they did so last; null: never. */
  readonly refusedTree: string | null
  readonly planning: Planning
}

export interface BatchState {
  readonly opened: BatchOpened
  readonly items: ReadonlyMap<string, ItemState>
  /** Open ones, by fence. */
  readonly attempts: ReadonlyMap<number, AttemptState>
  /** Fence of the newest attempt. */
  readonly fence: number
  readonly head: string
  /** Commit on which the final profile was last seen to pass in the clean room, as a base of its own. */
  readonly green: string | null
  /** Final gates that did not pass on the base; a batch begins so only where items mend them. */
  readonly red: readonly string[]
  /** What `prepare` made of the head, for worktrees. */
  readonly layers: readonly string[]
  /** What ends everything; null as a rule. */
  readonly halt: Extract<Rest, { state: 'halted' }> | null
  /** Null while a process is at it, and where a person changed something since. */
  readonly rest: Rest | null
  /** Attempts that calls asked for in all; null: no limit. */
  readonly asked: number | null
  readonly until: number | null
  /** Attempts that were opened. */
  readonly begun: number
  readonly parkedInARow: number
  /** By name; those of which nothing is known are absent. */
  readonly agents: ReadonlyMap<string, AgentState>
  /** Times of spawns of the last day. */
  readonly spawnedAt: readonly number[]
  /** `times`: in a row without verified progress. */
  readonly backedOff: {
    readonly until: number
    readonly times: number
    readonly why: string
  } | null
  /** How often the head was seen red. */
  readonly redChecks: number
  /** The head, where the final profile failed on it as it is. */
  readonly redHead: string | null
  /** The branch in the person's repository, as we last set it. */
  readonly published: { readonly branch: string; readonly commit: string } | null
  /** The process that was at it last; null before the first. */
  readonly owner: { readonly process: ProcessId; readonly bootId: string } | null
  /** The head is on its way to this commit. */
  readonly taking: TakenCommit | null
  readonly landed: BatchEventData['landed'] | null
  /** What we set branches of ours on remotes to, or were about to. */
  readonly pushed: readonly PushedCommit[]
  /** The last one that was found to be there. */
  readonly pullRequest: PullRequest | null
  readonly seq: number
  readonly hash: string
  readonly at: number
}
