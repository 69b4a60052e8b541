import type { Failure } from '../../base/result.ts'
import type { ProcessId } from '../../base/process-id.ts'
import type { Sha256 } from '../../base/hash.ts'
import type { Outcome, QuotaWindow } from '../../agents/agent.ts'
import type { GoalAnswer } from '../../agents/goal-answer.ts'
import type { GoalTerms } from '../../backlog/item.ts'
import type { Blocker } from '../../verdict/judgement.ts'
import type { AttemptFailure, ParkCode, Rest } from './endings.ts'
import type { WorkPlanAnswer } from '../../agents/plan-answer.ts'
import type { PlanReview } from './planning.ts'
import type { Review } from './review.ts'

/** The file of one item, as a person accepted it. Its text is kept, so that nobody reads the file again. */
export interface FrozenItem {
  readonly id: string
  /** Relative to the directory of the config. */
  readonly file: string
  readonly digest: Sha256
  readonly text: string
  /** The file is the plan of a goal, and attempts are iterations; absent: it is an item of a backlog. */
  readonly goal?: GoalTerms
  /** A person typed it with the command, and there is no such file. */
  readonly typed?: true
  /** Its task is to join two histories that do not join by themselves; a person asked for it, and there is no such file. */
  readonly joins?: Joins
}

/** What an item joins. All commits are in our repository. */
export interface Joins {
  /** The head of the batch then. */
  readonly head: string
  /** What the target was at. */
  readonly target: string
  /** Both joined, with marks where they are in conflict: an attempt begins there, and is judged against it. */
  readonly marked: string
  /** The files with marks, from the top of the work tree. */
  readonly paths: readonly string[]
}

export type { GoalAnswer, GoalTerms }

/** Who commits, as git wants it. */
export interface Identity {
  readonly name: string
  readonly email: string
}

/** What a batch rests on, frozen when it is opened. */
export interface BatchOpened {
  readonly batch: string
  readonly repoId: string
  /** Top of the person's work tree, absolute. */
  readonly top: string
  /** Where the config lies below it: '' or `packages/a/`. */
  readonly prefix: string
  readonly config: { readonly path: string; readonly sha256: Sha256; readonly text: string }
  readonly gatePath: string
  readonly items: readonly FrozenItem[]
  /** Commit the batch begins from. */
  readonly base: string
  /** Branch to land on; null where HEAD was detached. */
  readonly target: string | null
  readonly identity: Identity
  /** Ids of items of which nothing is left to do: an earlier batch did them, whose head the base holds, or a person dropped them there. */
  readonly over?: { readonly done: readonly string[]; readonly dropped: readonly string[] }
}

/** Something about a candidate that no gate need be asked about. */
export interface Finding {
  readonly kind: string
  readonly path: string
  readonly why?: string
}

export type { AttemptFailure, ParkCode, Rest }

/** What was said of one tree by the engine. */
export interface TreeVerdict {
  /** Directory of the engine's ledger, relative to the batch. */
  readonly record: string
  /** Hash of its last event. */
  readonly ledgerHead: string
  readonly head: string
  /** Tree that was judged: the candidate joined to this head. */
  readonly tree: string
  readonly verdict: 'release' | 'block' | 'park' | 'halt'
  /** Same for the same blockers. */
  readonly signature: Sha256
  readonly blockers: readonly Blocker['kind'][]
  /** Gates of the final profile that failed. */
  readonly red: readonly string[]
  /** Gates of the final profile that were not asked: they failed before anybody worked, and the item is not there to mend them. */
  readonly without: readonly string[]
  /** As of `checked`, of this tree. */
  readonly layers: readonly string[]
  /** Nothing but gates that could not run stands in the way. */
  readonly machine?: true
  /** How long it took. */
  readonly ms?: number
}

/** One run of a gate, or, of one that was not sure at once, all of them in their order. */
export interface GateSaid {
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'could-not-run'
  readonly ms: number
  /** Absent where one run was enough. */
  readonly runs?: readonly Pick<GateSaid, 'outcome' | 'ms'>[]
}

/** A commit of the person's that the head is to have. */
export interface TakenCommit {
  /** What the head becomes; final gates passed on it in the clean room. */
  readonly commit: string
  readonly from: string
  /** The person's own commit. */
  readonly theirs: string
  /** The published branch, where it is from there. */
  readonly branch: string | null
  readonly layers: readonly string[]
}

/** A commit on a branch of ours on a remote. */
export interface PushedCommit {
  readonly remote: string
  readonly branch: string
  readonly commit: string
}

/** A pull request, as it was found to be after it was opened or pushed to. */
export interface PullRequest {
  readonly url: string
  readonly number: number
  readonly branch: string
  /** The branch that it is to be merged into. */
  readonly base: string
  readonly commit: string
  /** The head of the batch, which the commit holds. */
  readonly head: string
  readonly draft: boolean
}

/** Of every event about an attempt: late ones, of an attempt that is over, change nothing. */
interface OfAttempt {
  readonly item: string
  /** Rises with every attempt of the batch. */
  readonly fence: number
}

/** Every event by type. `data` is JSON. */
export interface BatchEventData {
  'batch-opened': BatchOpened
  /** A process took the batch. */
  started: {
    readonly owner: ProcessId
    readonly bootId: string
    readonly version: string
    /** Attempts that this call asks for; null: as many as it takes. */
    readonly iterations: number | null
    readonly until: number | null
  }
  /** Gates of the final profile on a commit of ours; `red` names those that did not pass. */
  checked: {
    readonly what: 'base' | 'head'
    readonly commit: string
    readonly red: readonly string[]
    readonly couldNotRun: readonly string[]
    /** What kept each of these from running, by name; absent: none, or an older release wrote it. */
    readonly whyNot?: Readonly<Record<string, string>>
    readonly record: string
    /** What `prepare` made of it: directories, for worktrees. */
    readonly layers: readonly string[]
    /** What each gate said, and how long it took; absent in ledgers of the first versions. */
    readonly gates?: readonly GateSaid[]
    /** How long all of it took. */
    readonly ms?: number
  }
  /** A person accepted another config while the batch was open. */
  'config-amended': Pick<BatchOpened, 'config' | 'gatePath'>
  /** The repository was moved, and a person said that it is the same one. */
  adopted: Pick<BatchOpened, 'repoId' | 'top'>
  /** Before an attempt: whether all that an item asks for is there already, at this head. */
  looked: { readonly item: string; readonly head: string; readonly isMet: boolean }
  /** The file of an item that is done differs by now; null: it is gone. Changes nothing. */
  'item-edited': { readonly item: string; readonly digest: Sha256 | null }
  'item-accepted': { readonly item: FrozenItem }
  /** A person goes on with the frozen text although the file is another: one with this digest, or none (null). */
  'item-rejected': { readonly item: string; readonly digest: Sha256 | null }
  /** A person's answer to what attempt `attempt` at an item proposed. */
  'proposal-settled': {
    readonly item: string
    readonly attempt: number
    readonly accepted: boolean
    /** Texts that say something else from now on, and new items. */
    readonly items: readonly FrozenItem[]
    /** Others take the place of the item. */
    readonly replaced: boolean
  }
  'attempt-opened': OfAttempt & {
    readonly attempt: number
    readonly base: string
    readonly digest: Sha256
    readonly agent: string
    /** Absent: as the agent is set. */
    readonly effort?: string
    /** Of an earlier attempt, whose item's text changed: it is judged, and no agent is asked. */
    readonly candidate?: { readonly commit: string; readonly tree: string }
  }
  'worktree-ready': OfAttempt & { readonly worktree: string }
  /** Written before a planner is started. */
  'plan-begun': OfAttempt & { readonly agent: string }
  planned: OfAttempt & {
    readonly agent: string
    readonly outcome: Outcome<WorkPlanAnswer>
    /** Files of the worktree that differ from its base since; absent: none does. */
    readonly touched?: readonly string[]
    readonly tokens?: number
    readonly ms: number
    /** As of `turn-ended`. */
    readonly said?: string
  }
  /** Written before a critic is started. `plan`: the digest of its text. */
  'plan-review-begun': OfAttempt & { readonly agent: string; readonly plan: Sha256 }
  'plan-reviewed': OfAttempt & {
    readonly agent: string
    readonly plan: Sha256
    readonly outcome: Outcome<Omit<PlanReview, 'plan'>>
    readonly tokens?: number
    readonly ms: number
    readonly said?: string
  }
  /** Not every critic passed it, and it is not worked by. */
  'plan-settled': OfAttempt & { readonly plan: Sha256 }
  'turn-begun': OfAttempt & { readonly turn: number }
  /** The agent's own name of it, as soon as it is known. Later turns go on with it. */
  conversation: OfAttempt & { readonly conversation: string }
  'turn-ended': OfAttempt & {
    readonly outcome: Outcome
    /** Of this turn, sub-agents included, as the program wrote them down; absent: it does not. */
    readonly tokens?: number
    /** How long it took; absent: nobody was there to measure. */
    readonly ms?: number
    /** The limit that ended it. */
    readonly over?: 'turn' | 'item' | 'batch'
    /** What was left of the quota of the program then; absent: nobody said. */
    readonly quota?: readonly QuotaWindow[]
    /** What it failed with in the words of its program: for a person, bounded; absent: it did not, or said nothing. */
    readonly said?: string
    /** What the worker of a goal said; the outcome has its summary. */
    readonly claim?: GoalAnswer
  }
  candidate: OfAttempt & {
    readonly commit: string
    readonly tree: string
    readonly changed: number
  }
  /** What was found at the tree before any judge was asked: told to the worker. */
  findings: OfAttempt & { readonly findings: readonly Finding[]; readonly tree: string | null }
  conflict: OfAttempt & { readonly head: string; readonly paths: readonly string[] }
  judged: OfAttempt & TreeVerdict
  /** Written before a reviewer is started. */
  'review-begun': OfAttempt & { readonly agent: string; readonly tree: string }
  reviewed: OfAttempt & {
    readonly agent: string
    /** Of the candidate that it read. */
    readonly tree: string
    readonly outcome: Outcome<Omit<Review, 'tree'>>
    readonly tokens?: number
    readonly ms: number
    /** As of `turn-ended`. */
    readonly said?: string
  }
  /** Not every reviewer passed it, and the worker is told why. */
  'review-settled': OfAttempt & { readonly tree: string }
  /** Written before the head moves to `commit`. */
  integrating: OfAttempt & { readonly commit: string; readonly from: string }
  integrated: OfAttempt & { readonly commit: string; readonly from: string }
  /** Written before the work is rescued and the worktree reset. */
  'attempt-ending': OfAttempt & { readonly failure: AttemptFailure }
  'attempt-ended': OfAttempt & {
    /** Null: its work is in the head. */
    readonly failure: AttemptFailure | null
    readonly counted: boolean
    readonly rescue: string | null
    /** Where a worktree was set aside that could not be rescued. */
    readonly setAside: string | null
  }
  'item-parked': { readonly item: string; readonly code: ParkCode; readonly why?: string }
  'item-dropped': { readonly item: string; readonly with: readonly string[] }
  'item-retried': { readonly item: string }
  /** It was done, and a person wants more of it. */
  'item-reopened': { readonly item: string }
  /** Nothing is tried again before then: by this agent, or where none is named, by anybody. */
  'backed-off': {
    readonly until: number
    readonly why: Failure['code'] | 'quota' | 'overloaded' | 'network' | 'in-use' | 'could-not-run'
    readonly message?: string
    readonly fence: number | null
    readonly agent?: string
    /** Every batch on this machine waits; a file in the home says how long, and this is a note of it. */
    readonly shared?: true
  }
  /** The quota of its agent is used up, and this one goes on with the attempt, in the same worktree and a conversation of its own. */
  'agent-changed': OfAttempt & { readonly agent: string }
  /** Nothing is begun any more; the batch rests so once what runs has ended. */
  halted: Extract<Rest, { state: 'halted' }>
  /** An event of an attempt that was over. */
  late: { readonly type: string; readonly fence: number }
  rested: Rest
  /** Written before the head moves to a commit of the person's, or to one that joins it. */
  taking: TakenCommit
  taken: TakenCommit
  landed: {
    readonly commit: string
    readonly target: string
    /** The head that it holds; absent: an earlier version wrote it, and it is the commit. */
    readonly head?: string
    /** Where it was pushed to; absent: the target of this repository was moved. */
    readonly remote?: { readonly name: string; readonly branch: string }
  }
  /** Written before a branch of ours on a remote is set to the commit. */
  pushing: PushedCommit
  'pull-request': PullRequest
  published: { readonly branch: string; readonly commit: string }
  repaired: { readonly bytes: number; readonly sha256: Sha256 }
}
export type BatchEventType = keyof BatchEventData

/** One line of a batch's ledger.jsonl; the chain is that of every ledger. */
export type BatchEvent = {
  [T in BatchEventType]: {
    readonly seq: number
    readonly at: number
    readonly type: T
    readonly data: BatchEventData[T]
    readonly prev: string
    readonly hash: Sha256
  }
}[BatchEventType]

export type NewBatchEvent = {
  [T in BatchEventType]: { readonly type: T; readonly data: BatchEventData[T] }
}[BatchEventType]
