import type { Sha256 } from '../base/hash.ts'
import type { KnownIndex } from './git/index.ts'
import type { Listing } from './git/listing.ts'

/** How a path differs. `name`: only its name, which is in the other form (see spellings); only findings say so. */
export type ChangeKind = 'added' | 'removed' | 'modified' | 'type' | 'mode' | 'name'

export interface Change {
  /** Relative to the root, `/`-separated; bytes that are not UTF-8 are kept as escapes `\xHH`. */
  readonly path: string
  readonly kind: ChangeKind
  /** The ignore rules of now hide it; those of the start do not. */
  readonly hidden?: true
}

/**
 * A path or glob that evidence names: such paths are looked at even when git ignores them. `stays`: it must not change, so
 * rules that were added since the start hide nothing there.
 */
export type NamedPath = ({ readonly path: string } | { readonly glob: string }) & { readonly stays?: true }

/** A `.gitignore` at one moment: its path from the top of the work tree, and its bytes as pathText writes them. */
export type IgnoreFile = readonly [path: string, text: string]

/**
 * Type and permission of a path: `f` file, `x` executable file, `l` link (by its target text), `s` socket, FIFO or device,
 * `-` nothing. Directories are not entries, as in git.
 */
export type EntryKind = 'f' | 'x' | 'l' | 's' | '-'

/** Text of a file at one moment. */
export type StartText = readonly [path: string, text: string]

/** One path at one moment. `stat` is '' when it may not be trusted (the file was too young when it was read). */
export type EntryLine = readonly [path: string, kind: EntryKind, hash: string, stat: string]

/** What a workspace looked like at one moment, as data for a `baseline-<sha256>.json.gz` file. Opaque outside evidence/. */
export type Baseline = GitBaseline | PlainBaseline

export interface GitBaseline {
  readonly kind: 'git'
  /** Commit of HEAD, or null before the first commit. */
  readonly commit: string | null
  readonly format: 'sha1' | 'sha256'
  readonly settings: GitSettings
  /** Only what differs from the list (without one: from the commit), with the files of nested work trees and the ignored files that evidence names. */
  readonly entries: readonly EntryLine[]
  readonly named: readonly NamedPath[]
  /** Tracked paths that a sparse checkout left out (skip-worktree and absent); null when unknown. */
  readonly sparse: readonly string[] | null
  /** The rules of the start; null: as the list or the commit holds them; absent in baselines of older releases. */
  readonly ignores?: readonly IgnoreFile[] | null
  /**
   * What git ignored, relative to the root; directories end in `/`. Of these only what evidence named is in `entries`. Null:
   * too many to keep; absent in baselines of older releases.
   */
  readonly ignored?: readonly string[] | null
  /** Work trees inside, submodules too, relative to the root, each ending in `/`: what they ignore is not in `ignored`. */
  readonly nested?: readonly string[]
  /** Flagged entries and submodules of the index with this checksum; null when not kept, or where there is a list. */
  readonly index: KnownIndex | null
  /** Absent in baselines of older releases. */
  readonly refs?: Refs
  /**
   * Our own list of the tracked files. Absent in baselines of older releases, and in what an agent reports
   * until that is taken in.
   */
  readonly listing?: Listing
  /** Of the files that a scope opens in part. Absent: none was asked for. */
  readonly texts?: readonly StartText[]
}

/** A piece of evidence by its task; `index` counts within the task's evidence. */
export interface EvidenceRef {
  readonly taskId: string
  readonly index: number
}

/** Branches, tags and what is known of remotes, at one moment. */
export interface Refs {
  /** The branch that HEAD names; null where it names a commit. */
  readonly head: string | null
  readonly list: readonly (readonly [name: string, oid: string])[]
}

/** What git's own configuration says about ignoring, line ends and modes, frozen at the start: a later edit hides nothing. */
export interface GitSettings {
  /** The person's global excludes and .git/info/exclude, one text. */
  readonly excludes: string
  readonly autocrlf: string | null
  readonly eol: string | null
  /** The repository does not tell executable files from others (`core.fileMode`). Absent: it does. */
  readonly fileMode?: false
}

export interface PlainBaseline {
  readonly kind: 'plain'
  readonly entries: readonly EntryLine[]
  readonly named: readonly NamedPath[]
  readonly texts?: readonly StartText[]
}

/** The workspace compared with one or more baselines. */
export interface Comparison {
  /** Paths that differ from every baseline given, sorted. */
  readonly changes: readonly Change[]
  /** Of these, what is removed → what is added in its place with the same content and the other form of its name (see spellings). */
  readonly renamed: ReadonlyMap<string, string>
  /** Every path that differs from the reference (the first baseline's commit or files): path → kind and content. */
  readonly state: ReadonlyMap<string, string>
  /** Of these, what git ignores and evidence names, and was not work at the start either: looked at, but no part of the work. */
  readonly onlyNamed: ReadonlySet<string>
  /** Digest of `state`: equal exactly when the workspace (what is not ignored, and what is named) is, also across commits. */
  readonly fingerprint: Sha256
  /** Named paths that no baseline recorded: nothing can be said about their change. */
  readonly unknown: readonly string[]
}

/** What evidence needs of its surroundings. */
export interface EvidenceOptions {
  /** The person's environment: HOME and XDG_CONFIG_HOME name the global excludes. Nothing else of it reaches git. */
  readonly vars: Readonly<Record<string, string | undefined>>
  /** Directories (`:`-separated) in which `git` is looked up; relative ones and those in the workspace are passed over. */
  readonly gitPath: string
  /** A directory that no agent can write (below the controller's home); made when missing. */
  readonly scratch: string
  /** For one call of git, milliseconds. */
  readonly timeoutMs: number
}
