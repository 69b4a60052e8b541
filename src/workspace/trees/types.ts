import type { Shadow } from '../../evidence/git/shadow.ts'
import type { Change } from '../../evidence/types.ts'

/** Whose name stands in a commit. */
export interface Identity {
  readonly name: string
  readonly email: string
}

/** A bare repository of ours beside the person's. Agents work in its worktrees; the person's is read, but for `publish` and `land`. */
export interface OwnRepository {
  /** The bare repository. */
  readonly dir: string
  /** Everything of ours for this repository lies below it. */
  readonly data: string
  /** The git program. */
  readonly git: string
  /** For one call of git. */
  readonly timeoutMs: number
  readonly format: 'sha1' | 'sha256'
  /** The program that stores large files, where one is on the approved PATH. */
  readonly lfs: string | null
  /** What our calls of git take for a repository's configuration. */
  readonly shadow: Shadow
  readonly person: {
    readonly top: string
    readonly gitDir: string
    readonly commonDir: string
    readonly identity: Identity
  }
}

/** A work tree of ours, and the index by which we know it. No agent can write the index. */
export interface TreePlace {
  readonly dir: string
  readonly index: string
}

/** Where an agent works. */
export interface Worktree {
  /** Changes when another item gets it. */
  readonly name: string
  readonly dir: string
  /** The commit that it was last set to. */
  readonly commit: string
}

/** Where joined trees are judged. No agent writes there. */
export interface Checkout {
  readonly dir: string
  readonly commit: string
}

/**
 * What stands against a work tree as a candidate before git is asked. `attributes`, `modules`: a file of that kind differs from
 * the base. `repository`: a `.git` below the root. `link`: leads out of the tree. `gitlink`: a submodule's commit changed.
 * `special`: a FIFO, socket or device. `name`: git cannot hold it.
 */
export type FindingKind = 'attributes' | 'modules' | 'repository' | 'link' | 'gitlink' | 'special' | 'name'

export interface Finding {
  readonly kind: FindingKind
  /** From the top of the work tree. */
  readonly path: string
}

export type Candidate =
  | {
      readonly kind: 'candidate'
      readonly tree: string
      readonly commit: string
      /** Both sides of a rename stand in it as one that is removed and one that is added. */
      readonly changed: readonly Change[]
      /** The tree is the base's. */
      readonly untouched: boolean
    }
  | { readonly kind: 'findings'; readonly findings: readonly Finding[] }

export type Rescued =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'rescued'; readonly commit: string }
  /** Not all of it could be proved to be in a commit: the whole directory is kept there. */
  | { readonly kind: 'set-aside'; readonly directory: string; readonly why: string }

export interface Conflict {
  readonly path: string
  /** Git's own word for it: `contents`, `modify/delete`, `file/directory`, … */
  readonly kind: string
}

export type Joined =
  | { readonly kind: 'joined'; readonly tree: string }
  | {
      readonly kind: 'conflict'
      readonly paths: readonly Conflict[]
      /** Where marks were asked for: a tree with all of both, in which they stand; null: something in conflict has no lines to mark. */
      readonly marked: string | null
    }
