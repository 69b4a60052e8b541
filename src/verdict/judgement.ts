import type { Sha256 } from '../base/hash.ts'
import type { AcceptableDifference, DefinitionDrift } from '../definition/drift.ts'
import type { EvidenceFact } from '../evidence/found.ts'
import type { CommandRecord } from '../gates/command-record.ts'
import type { LeftByGates } from '../workspace/left-by-gates.ts'
import type { ScopeFact } from '../workspace/scope/look-at-scope.ts'
import type { Facts, RunningProcess, SessionFacts } from './facts.ts'
import type { Unproved } from './unproved.ts'

export type VerdictKind = 'block' | 'release' | 'park' | 'halt'

/** Why a run may not be released: the thing itself, without words. */
export type Blocker =
  | { readonly kind: 'workspace'; readonly why: string }
  /** Paths, or parts of files, that differ from the start where they may not. */
  | ({ readonly kind: 'out-of-scope' } & ScopeFact)
  | { readonly kind: 'evidence'; readonly taskId: string; readonly index: number }
  | { readonly kind: 'plan'; readonly open: readonly string[] }
  | { readonly kind: 'command'; readonly name: string }
  | { readonly kind: 'could-not-run'; readonly name: string }
  /** A step of `prepare` failed on what the work made of its inputs, so no gate could run in the clean room. */
  | { readonly kind: 'prepare'; readonly name: string }
  /** A required task asks for a command that the approved config does not have. */
  | { readonly kind: 'unknown-command'; readonly name: string }
  | { readonly kind: 'background'; readonly processes: readonly RunningProcess[] }
  | {
      readonly kind: 'children'
      readonly children: readonly { readonly id: string; readonly agentType: string }[]
    }
  | { readonly kind: 'gate-writes'; readonly paths: readonly string[] }
  /** A sealed gate wrote to files that were there before it; the tree has none of it. */
  | { readonly kind: 'gate-rewrote'; readonly name: string; readonly paths: readonly string[] }

/** A limit that a block reached. */
export interface LimitHit {
  readonly limit: 'maxStopIterations' | 'maxRepeatedFailureSignature' | 'maxMinutes' | 'maxTokens'
  readonly reached: number
  readonly allowed: number
}

/** Why a run waits for a person. */
export type ParkCause =
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'could-not-run'; readonly commands: readonly string[] }
  | { readonly kind: 'definition'; readonly digest: Sha256 }
  /** The gates pass with the work's own definition, and not with the start's. */
  | { readonly kind: 'unproved'; readonly digest: Sha256 }
  /** A person accepted the change meanwhile; their next prompt goes on. */
  | { readonly kind: 'accepted'; readonly digest: Sha256 }
  /** As a release before 0.4 wrote it down. */
  | { readonly kind: 'recorded'; readonly text: string }

/** Whether `amend` with its digest is an answer. */
export function asksToAccept(
  park: ParkCause,
): park is Extract<ParkCause, { kind: 'definition' | 'unproved' }> {
  return park.kind === 'definition' || park.kind === 'unproved'
}

/** The difference that such a park asks about; null for every other. */
export function askedToAccept(
  park: ParkCause,
  { drift, unproved }: Pick<Judgement, 'drift' | 'unproved'>,
): AcceptableDifference | null {
  if (park.kind === 'definition') return drift
  return park.kind === 'unproved' && unproved?.kind === 'definition' ? unproved : null
}

/** Why a run was halted. */
export type HaltCause =
  | ({ readonly kind: 'limit' } & LimitHit)
  /** As a release before 0.4 wrote it down. */
  | { readonly kind: 'recorded'; readonly text: string }

export type Outcome =
  | { readonly verdict: 'release' }
  | { readonly verdict: 'block'; readonly cause: 'outstanding' | 'definition' }
  | { readonly verdict: 'park'; readonly park: ParkCause }
  | { readonly verdict: 'halt'; readonly halt: HaltCause }

/** One verdict with everything it rests on, as the ledger keeps it. Only renderers make text of it. */
export type Judgement = Outcome & {
  /** Number of the stop in its run, from 1. */
  readonly stop: number
  readonly blockers: readonly Blocker[]
  readonly outstandingTaskIds: readonly string[]
  readonly drift: DefinitionDrift | null
  readonly unseen: string | null
  /** Nothing differed from the start, so what the gates said is about the start; absent otherwise. */
  readonly untouched?: true
  readonly evidence: readonly EvidenceFact[]
  readonly commands: readonly CommandRecord[]
  readonly gatesRun: Facts['gatesRun']
  readonly signature: Sha256
  readonly workspace: Sha256
  /** What its gates wrote where nobody had worked; null when nothing. */
  readonly leftByGates: LeftByGates | null
  /** What no gate of the start proves; absent when there is nothing of it. */
  readonly unproved?: Unproved
  readonly session: SessionFacts | null
  /** From the first look to the verdict, milliseconds. */
  readonly durationMs: number
}

/** Names of the commands that did not pass, in the order they ran. */
export function failedGates({ commands }: Pick<Judgement, 'commands'>): readonly string[] {
  return commands.filter((command) => command.outcome !== 'passed').map((command) => command.name)
}
