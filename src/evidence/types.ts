import type { Sha256 } from '../base/hash.ts'

/** How a path differs. */
export type ChangeKind = 'added' | 'removed' | 'modified' | 'type' | 'mode'

export interface Change {
  /** Relative to the root, `/`-separated; bytes that are not UTF-8 are kept as latin1 escapes `\xHH`. */
  readonly path: string
  readonly kind: ChangeKind
}

/** What a workspace looked like at one moment, as data for a `baseline-<sha256>.json` file. Opaque outside evidence/. */
export type Baseline = GitBaseline | PlainBaseline

export interface GitBaseline {
  readonly kind: 'git'
  /** Commit of HEAD, or null before the first commit. */
  readonly commit: string | null
  /** Only what differs from the commit: path → entry, null when it is deleted. */
  readonly entries: Readonly<Record<string, Entry | null>>
  /** Ignored paths looked at because evidence names them. */
  readonly named: Readonly<Record<string, Entry>>
  /** Nested work trees (submodules, embedded repositories): path → their own baseline. */
  readonly nested: Readonly<Record<string, GitBaseline>>
}

export interface PlainBaseline {
  readonly kind: 'plain'
  readonly entries: Readonly<Record<string, Entry>>
}

/** Type, permission and content of one path. */
export interface Entry {
  readonly type: 'file' | 'link' | 'directory' | 'special'
  readonly executable: boolean
  readonly hash: string
}

/** The workspace compared with one or more baselines. */
export interface Comparison {
  /** Paths that differ from every baseline given. */
  readonly changes: readonly Change[]
  /** Changes with every content hash: equal exactly when the workspace is. */
  readonly fingerprint: Sha256
}

/** One evidence, looked at. */
export interface EvidenceFact {
  readonly taskId: string
  readonly index: number
  readonly met: boolean
  /** One line for the agent: what was looked for and what is there. */
  readonly detail: string
}

/** A value that gives a gate its meaning. */
export interface Pin {
  /** Stable, such as `package.json#scripts.test`, `file:Makefile`, `absent:pytest.py`. */
  readonly id: string
  /** Digest or short value; null means it must not exist. */
  readonly value: string | null
  /** The file an agent would restore. */
  readonly file: string
  /** Short text of the value where it is text (script bodies), for exact differences. */
  readonly text?: string
}

export interface PinChange {
  readonly id: string
  readonly file: string
  readonly before: string | null
  readonly after: string | null
}
