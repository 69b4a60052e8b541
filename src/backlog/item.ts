import type { Sha256 } from '../base/hash.ts'
import type { FileInput, FileProblem } from '../contract/contract-file.ts'
import type { Contract } from '../contract/types.ts'

/** The directory of a backlog, below the root. */
export const backlogDirectory = '.codex/backlog'

/** One file of a backlog, as it lies there or in a frozen copy. */
export interface BacklogText {
  /** `001-cart.md` */
  readonly name: string
  /** Its bytes, which are UTF-8. */
  readonly text: string
}

/** Limits of an item; absent: those of the config. */
export interface ItemLimits {
  readonly attempts?: number
  readonly turns?: number
  readonly minutes?: number
  readonly tokens?: number
}

/** What a person gave besides the plan of a goal. */
export interface GoalTerms {
  /** Typed; empty: the plan says it. */
  readonly scope: readonly string[]
  /** Rules of every iteration, and the file that they were in. */
  readonly rules: { readonly file: string; readonly text: string } | null
}

/** One item of a backlog, whole and checked by itself. What holds between items is in lint.ts. */
export interface Item {
  /** The number in its name, three digits at least: `001`. */
  readonly id: string
  readonly slug: string
  /** Relative to the root. */
  readonly file: string
  readonly text: string
  /** Of its place and its bytes: what a person accepts. */
  readonly digest: Sha256
  /** The first line of the objective. */
  readonly title: string
  /** Ids of items that have to be done before. */
  readonly after: readonly string[]
  /** What may change: globs and parts of files, one spelling each. Never empty. */
  readonly scope: readonly string[]
  /** 1 first; 3 where the file says none. */
  readonly priority: number
  /** Never at the same time as another item with one of these words. */
  readonly exclusive: readonly string[]
  /** Commands of the final profile that are red, and that the item is there to mend. */
  readonly mends: readonly string[]
  /** Null: the agents of the role. */
  readonly agent: string | null
  /** Null: those of the role. */
  readonly review: readonly string[] | null
  readonly limits: ItemLimits
  /** Evidence that already holds is accepted. */
  readonly allowVacuous: boolean
  /** For `buildContract`. */
  readonly input: FileInput
  /** As a run of the item would freeze it, with `file` as its id. */
  readonly contract: Contract
  /** What the agent is given to read: the text without its front matter, or the objective. */
  readonly prompt: string
  /** It is the plan of a goal; absent: it is of a backlog. */
  readonly goal?: GoalTerms
  /** 1-based line of each member and of each entry of a list, such as `after[0]` or `tasks[0].evidence[1]`. */
  readonly lines: Readonly<Record<string, number>>
}

/** A problem with the file and the 1-based line where it stands. */
export interface BacklogProblem extends FileProblem {
  /** Relative to the root; the directory where there is no file. */
  readonly file: string
}

export interface Backlog {
  /** By number. At least one. */
  readonly items: readonly Item[]
}
