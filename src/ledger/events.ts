import type { Sha256 } from '../base/hash.ts'
import type { ProcessId } from '../base/process-id.ts'
import type { Contract, Limits, Task } from '../contract/types.ts'
import type { DefinitionChange } from '../definition/drift.ts'
import type { Frozen } from '../definition/frozen.ts'
import type { EvidenceRef } from '../evidence/types.ts'
import type { Judgement } from '../verdict/judgement.ts'
import type { ChangedSince, Ending, FinalLook } from '../verdict/standing.ts'

/** How a request reached us. */
export type Channel = 'prompt' | 'terminal' | 'agent' | 'hook'

export type ActivationMode = 'direct-env' | 'spooled' | 'claim-token' | 'prompt' | 'terminal'

/** Who a run was begun for. */
export type Origin =
  /** A session of a person, which the hooks hold. */
  | {
      readonly kind: 'session'
      /** Whose session it is; absent: Codex's. */
      readonly host?: 'claude'
      readonly sessionId: string
      /** Where the run was before a person moved it: what agents started there may still run. Absent when nowhere. */
      readonly formerSessions?: readonly string[]
      readonly mode: ActivationMode
      readonly armedBy: Channel
    }
  /** One attempt at an item of a backlog, in a worktree of ours. Its agent is gone when it is judged. */
  | {
      readonly kind: 'attempt'
      readonly batch: string
      readonly item: string
      /** Number of the attempt at this item, from 1. */
      readonly attempt: number
    }

/** Everything a run rests on, frozen at its start; the marker of a held session has the same object. */
export interface Activation extends Frozen {
  readonly origin: Origin
  readonly requestId: string
  readonly baselineLabel: 'own' | 'agent-reported'
  /** What the pins differ in from those of the session's start: a person's own edit, or an agent's before it was held. Absent when in nothing. */
  readonly changedBefore?: readonly DefinitionChange[]
  /** Evidence by which something has to stay as it is, where nothing was there at the start. Absent when there is none. */
  readonly protectsNothing?: readonly EvidenceRef[]
}

export type SessionActivation = Activation & { readonly origin: Extract<Origin, { kind: 'session' }> }

/** The session that a run holds; null for an attempt. */
export function sessionOf({ origin }: Activation): string | null {
  return origin.kind === 'session' ? origin.sessionId : null
}

/** The program of that session; absent: Codex. */
export function hostOf({ origin }: Activation): 'claude' | undefined {
  return origin.kind === 'session' ? origin.host : undefined
}

/** What is kept of a whole plan besides its open steps. */
export interface PlanWhole {
  readonly sha256: Sha256
  readonly steps: number
  readonly open: number
}

export interface PlanItem {
  readonly step: string
  readonly status: string
}

/** What a driver of the engine said to whoever asked for the verdict. */
export interface Delivery {
  readonly payloadSha256: Sha256
  /** The exact JSON answered to Codex, so that a second caller of the same stop gets the same. */
  readonly answer: string
  /** The words in it. */
  readonly reason: string
  /** Head of the ledger that the words name, as shortHead writes it; null where they name none. */
  readonly head: string | null
}

/** A judgement as it stands in the ledger. Nothing is delivered of an attempt's. */
export type StopRecord = Judgement & {
  readonly delivered?: Delivery
  /** Of a release that is provisional; absent of any other verdict, and where a release is final at once. */
  readonly provisional?: ProvisionalRelease
}

/** What tells later whether the session went on after its release. */
export interface ProvisionalRelease {
  readonly turnId: string | null
  /** Codex's transcript as it was then; null without one. */
  readonly transcript: { readonly file: string; readonly bytes: number } | null
  /** How long the last look at workspace and definition took. */
  readonly lookMs: number
}

/** What showed that the agent went on after a release. */
export type WentOn = 'stop' | 'request' | 'prompt' | 'check' | 'session-end'

/** Every event by type. `data` is JSON. */
export interface EventData {
  activated: Activation
  refined: {
    readonly contract: Contract
    readonly contractHash: Sha256
    readonly added: readonly Task[]
    readonly replacedT1: boolean
    /** As in `Activation`, of what was added. */
    readonly protectsNothing?: readonly EvidenceRef[]
    readonly by: Channel
    readonly requestId: string
  }
  stop: StopRecord
  /** The agent went on after its release, so the run is open again. `changes`: null where nobody looked. */
  reopened: { readonly by: WentOn; readonly turnId: string | null; readonly changes: ChangedSince | null }
  /** A provisional release became final. */
  finalised: FinalLook
  /** A stop that could not be judged, so that the turn was ended as "failed closed". It changes nothing of the run. */
  unjudged: { readonly why: string; readonly payloadSha256: Sha256 }
  /** Commands of the agent that still run are about to be ended: `<pid> <command>` each. */
  ending: { readonly processes: readonly string[] }
  /** Open steps of the plan, and those that were open before; `whole` is missing where the plan was kept whole (before 0.4). */
  plan: { readonly plan: readonly PlanItem[]; readonly whole?: PlanWhole }
  /** A prompt of the person; `turnId` tells a steer of the same turn from a new turn. */
  prompt: { readonly sha256: Sha256; readonly turnId: string | null }
  session: { readonly source: string; readonly cwd: string }
  paused: { readonly by: Channel; readonly reason: string | null }
  resumed: { readonly by: Channel; readonly reason: string | null }
  /** The agent asked to wait for a person; judged at the next stop. */
  wait: { readonly reason: string; readonly token: string; readonly by: Channel }
  amended: {
    readonly digest: Sha256
    readonly changes: readonly DefinitionChange[]
    readonly activation: Activation
    /** What there may be at a path from now on (see RunSoFar). Absent where only config or pins were accepted. */
    readonly accepted?: Readonly<Record<string, string>>
    /** It was out of scope, and nothing of the definition was accepted with it. */
    readonly outOfScope?: true
    readonly by: Channel
    readonly reason: string | null
  }
  limits: { readonly limits: Limits; readonly by: Channel }
  closed: {
    readonly how: Ending
    readonly by: Channel
    readonly reason: string | null
  }
  /** A sub-agent of this session began or ended. `transcript` is the child's own; `codex` the process its thread lives in. */
  child: {
    readonly id: string
    readonly what: 'started' | 'stopped'
    readonly agentType: string | null
    readonly transcript: string | null
    readonly codex: ProcessId | null
  }
  repaired: { readonly bytes: number; readonly sha256: Sha256 }
  refused: { readonly action: string; readonly by: Channel; readonly why: string }
}
export type EventType = keyof EventData

/** One line of ledger.jsonl. `hash` is the SHA-256 of the line's JSON without `hash`; `prev` the hash of the line before ('' for the first). */
export type LedgerEvent = {
  [T in EventType]: {
    readonly seq: number
    readonly at: number
    readonly type: T
    readonly data: EventData[T]
    readonly prev: string
    readonly hash: Sha256
  }
}[EventType]

export type NewEvent = { [T in EventType]: { readonly type: T; readonly data: EventData[T] } }[EventType]
