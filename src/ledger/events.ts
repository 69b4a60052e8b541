import type { LeftByGates } from '../workspace/left-by-gates.ts'
import type { Sha256 } from '../base/hash.ts'
import type { ProcessId } from '../base/process-id.ts'
import type { Contract, Limits, ProjectConfig, Task } from '../contract/types.ts'
import type { Pin } from '../evidence/types.ts'

/** How a request reached us. */
export type Channel = 'prompt' | 'terminal' | 'agent' | 'hook'

export type ActivationMode = 'direct-env' | 'spooled' | 'claim-token' | 'prompt' | 'terminal'

/** Everything a run rests on, frozen at its start; the marker holds the same object. */
export interface Activation {
  readonly runId: string
  readonly sessionId: string
  /** Where the run was before a person moved it: what agents started there may still run. Absent when nowhere. */
  readonly formerSessions?: readonly string[]
  readonly repoRoot: string
  readonly contract: Contract
  readonly contractHash: Sha256
  readonly activationMode: ActivationMode
  readonly armedBy: Channel
  readonly requestId: string
  /** Baseline files (`baseline-<sha256>.json`); a path counts as changed when it differs from every one. */
  readonly baselines: readonly Sha256[]
  readonly baselineLabel: 'own' | 'agent-reported'
  /** The approved config the gates come from; null when the repository has none and the contract needs no gate. */
  readonly config: ProjectConfig | null
  readonly configSha256: Sha256 | null
  readonly configPath: string | null
  readonly pins: readonly Pin[]
  /** PATH for gates, recorded at approval. */
  readonly gatePath: string
  /** What the pins differ in from those of the session's start: a person's own edit, or an agent's before it was held. Absent when in nothing. */
  readonly changedBefore?: readonly ChangedBefore[]
}

/** One difference, as it was shown to the person. */
export interface ChangedBefore {
  readonly id: string
  /** Relative to the root. */
  readonly file: string
  readonly text: string
}

export interface PlanItem {
  readonly step: string
  readonly status: string
}

export type VerdictKind = 'block' | 'release' | 'park' | 'halt'

export interface CommandRecord {
  readonly name: string
  readonly argv: readonly string[]
  readonly outcome: 'passed' | 'failed' | 'could-not-run'
  readonly exitCode: number | null
  readonly detail: string
  readonly durationMs: number
  readonly tail: string
  readonly logFile: string | null
  readonly sandboxed: boolean
}

export interface StopRecord {
  readonly stop: number
  readonly payloadSha256: Sha256
  readonly verdict: VerdictKind
  readonly outstandingTaskIds: readonly string[]
  readonly evidence: readonly {
    readonly taskId: string
    readonly index: number
    readonly met: boolean
    readonly detail: string
  }[]
  readonly plan: {
    readonly state: 'absent' | 'complete' | 'incomplete' | 'stale'
    readonly open: readonly string[]
  }
  readonly commands: readonly CommandRecord[]
  readonly failedGates: readonly string[]
  readonly signature: Sha256
  readonly workspace: Sha256
  /** The exact JSON answered to Codex, so that a second caller of the same stop gets the same. */
  readonly answer: string
  readonly reason: string
  readonly durationMs: number
  readonly haltCause?: string
  readonly parkCause?: string
  /** What its gates wrote where nobody had worked; absent when nothing. */
  readonly leftByGates?: LeftByGates
  /** Things said once and remembered: processes named, a definition difference shown. */
  readonly notices: readonly string[]
}

/** Every event by type. `data` is JSON. */
export interface EventData {
  activated: Activation
  refined: {
    readonly contract: Contract
    readonly contractHash: Sha256
    readonly added: readonly Task[]
    readonly replacedT1: boolean
    readonly by: Channel
    readonly requestId: string
  }
  stop: StopRecord
  /** A stop that could not be judged, so that the turn was ended as "failed closed". It changes nothing of the run. */
  unjudged: { readonly why: string; readonly payloadSha256: Sha256 }
  /** Commands of the agent that still run are about to be ended: `<pid> <command>` each. */
  ending: { readonly processes: readonly string[] }
  plan: { readonly plan: readonly PlanItem[] }
  /** A prompt of the person; `turnId` tells a steer of the same turn from a new turn. */
  prompt: { readonly sha256: Sha256; readonly turnId: string | null }
  session: { readonly source: string; readonly cwd: string }
  paused: { readonly by: Channel; readonly reason: string | null }
  resumed: { readonly by: Channel; readonly reason: string | null }
  /** The agent asked to wait for a person; judged at the next stop. */
  wait: { readonly reason: string; readonly token: string; readonly by: Channel }
  amended: {
    readonly digest: Sha256
    readonly changes: readonly unknown[]
    readonly activation: Activation
    readonly by: Channel
    readonly reason: string | null
  }
  limits: { readonly limits: Limits; readonly by: Channel }
  closed: {
    readonly how: 'released' | 'waived' | 'disabled'
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
