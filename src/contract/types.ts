import type { Sha256 } from '../base/hash.ts'
import type { JsonObject } from '../base/json.ts'
import type { Network, NetworkSetting } from './network.ts'
import type { Verify } from './verify.ts'

/** A deterministic check of the workspace. Globs mean what editors mean: `src/**` is every file below src, dotfiles included. */
export type Evidence =
  | { readonly kind: 'pathExists'; readonly path?: string; readonly glob?: string; readonly min?: number }
  | { readonly kind: 'pathAbsent'; readonly path?: string; readonly glob?: string }
  | { readonly kind: 'pathChanged'; readonly path?: string; readonly glob?: string }
  | { readonly kind: 'pathUnchanged'; readonly path?: string; readonly glob?: string }
  | {
      readonly kind: 'fileMatches'
      readonly path: string
      readonly pattern: string
      readonly absent?: boolean
    }
  | { readonly kind: 'commandRef'; readonly name: string }

export type EvidenceKind = Evidence['kind']
export type EvidenceOf<K extends EvidenceKind> = Extract<Evidence, { readonly kind: K }>
/** Fields of a kind, or of all kinds. A field means the same in every kind. */
export type EvidenceField<K extends EvidenceKind = EvidenceKind> = K extends EvidenceKind
  ? Exclude<keyof EvidenceOf<K>, 'kind'>
  : never

export interface Task {
  readonly id: string
  readonly title: string
  readonly required: boolean
  readonly dependsOn: readonly string[]
  readonly evidence: readonly Evidence[]
}

export interface Limits {
  /** Judged stops that may end in a block. */
  readonly maxStopIterations: number
  /** Stops in a row with the same blockers and an unchanged workspace. */
  readonly maxRepeatedFailureSignature: number
  readonly maxMinutes?: number
  readonly maxTokens?: number
}

export interface Policy {
  /** Who may pause, resume and disable; `person` unless the approved config relaxes it. */
  readonly control: 'person' | 'agent'
  /** What to do about processes of the session that still run before the final gates. */
  readonly background: 'block' | 'allow'
  /** Globs that gates may write (snapshots, coverage, formatters). */
  readonly gateWrites: readonly string[]
  /** `off` runs gates with the person's full rights: a person's choice, shown in status. */
  readonly sandbox: 'on' | 'off'
  /** `none` accepts an empty final profile. */
  readonly gates: 'required' | 'none'
  /** Where gates have to pass, see `verifiedIn`. Version 2; absent: in place. */
  readonly verify?: Verify
  /** What may differ from the start: globs, and parts of files, see `readScopeEntry`. Absent: anything. */
  readonly scope?: readonly string[]
}

export interface Contract {
  readonly version: 1
  readonly contractId: string
  readonly objective: string
  readonly mode: 'enforced'
  readonly gateProfile: string
  readonly tasks: readonly Task[]
  readonly limits: Limits
  readonly policy: Policy
  /** Narrows the scope of the config for this run: both must allow a difference. Absent: the config alone says it. */
  readonly scope?: readonly string[]
}

/** One trusted command, normalised: every field present. */
export interface Command {
  readonly name: string
  readonly argv: readonly string[]
  /** Relative to the repository root, `.` by default. */
  readonly cwd: string
  readonly timeoutSeconds: number
  readonly env: Readonly<Record<string, string>>
  readonly tty: boolean
  readonly parallel: boolean
  readonly network: NetworkSetting
  /** Extra writable directories: absolute, or `~/…`. */
  readonly writable: readonly string[]
  /** Extra pinned files, relative to the root. */
  readonly pins: readonly string[]
  /** May be named by a commandRef although it is in no profile. */
  readonly evidence: boolean
  /** Version 2: globs of what later gates find of what it wrote. */
  readonly keeps?: readonly string[]
  /** Version 2: globs of files it may write although they were there before. */
  readonly gateWrites?: readonly string[]
  /** False keeps the steps of the command in one process tree. Absent: taken apart in version 2. */
  readonly steps?: boolean
  /** False: run as version 1 runs it, and `network` is a boolean. Version 2; absent: in the box. */
  readonly box?: boolean
  /** Sockets and devices of the machine that are let into its box, see `readReach`. Version 2; absent: nothing. */
  readonly reach?: readonly string[]
  /** Variables of the person's environment that the gate gets, hidden in what it says. Version 2; absent: none. */
  readonly secrets?: readonly string[]
  /** Started before it in its box, in this order. Version 2; absent: none. */
  readonly services?: readonly Service[]
  /** Where this one has to pass. Version 2; absent: as the policy says. */
  readonly verify?: Verify
  /** `start`: it has to pass with the test files of the start too. In the clean room only. Version 2; absent: as the work has them. */
  readonly tests?: 'start'
}

/** One command that makes what the gates of the clean room need, such as installed dependencies; every field present. */
export interface PrepareStep extends Pick<
  Command,
  'argv' | 'cwd' | 'timeoutSeconds' | 'env' | 'writable' | 'secrets'
> {
  readonly network: Network
}

/** A server that a command needs, started in the same namespaces. */
export interface Service {
  readonly argv: readonly string[]
  /** Ends with 0 once the service can be used; asked again and again. */
  readonly ready: readonly string[]
  /** Ends it; absent: TERM. */
  readonly stop?: readonly string[]
  readonly timeoutSeconds: number
}

export interface ProjectConfig {
  /** 2: gates run in a box of ours, see `NetworkSetting`. */
  readonly version: 1 | 2
  readonly commands: Readonly<Record<string, Command>>
  /** Profile name → command names; always has `fast`, `default`, `final`. */
  readonly gateProfiles: Readonly<Record<string, readonly string[]>>
  readonly defaults: {
    readonly gateProfile: string
    readonly fastGateProfile: string
    readonly finalGateProfile: string
    readonly maxStopIterations: number
    readonly maxRepeatedFailureSignature: number
    readonly maxMinutes?: number
    readonly maxTokens?: number
  }
  readonly policy: Policy
  /** Version 2. */
  readonly limits?: { readonly outputBytes?: number; readonly layerBytes?: number }
  /** Version 2: run in this order in the clean room, before gates; their result is kept as a layer. Absent: nothing. */
  readonly prepare?: readonly PrepareStep[]
  /** Version 2: globs of ignored files that the clean room gets, as they are when a run begins. Absent: none. */
  readonly copy?: readonly string[]
  readonly notify?: {
    readonly argv: readonly string[]
    readonly timeoutSeconds: number
    /** Absent in runs that were frozen by an older version: off. */
    readonly network?: boolean
    /** Absent likewise: on. */
    readonly sandbox?: 'on' | 'off'
  }
  /** Version 2: how a backlog is worked through, as it was written; `supervisorOf` reads it. Absent: by the defaults. */
  readonly supervisor?: JsonObject
}

/** What a field accepts and a corrected piece of it, for the words of a Problem. */
export interface Hint {
  readonly allowed: string
  readonly example: string
}

/** One thing that is wrong with input from a person or an agent. All of them are reported at once. */
export interface Problem {
  /** Where, as `tasks[0].evidence[1].glob` or `commands.test.argv`. */
  readonly path: string
  readonly found: string
  readonly allowed: string
  /** A corrected piece of input, ready to copy. */
  readonly example: string
}

/** Path and SHA-256 of the raw bytes of a config. */
export interface ConfigRef {
  readonly path: string
  readonly sha256: Sha256
}
