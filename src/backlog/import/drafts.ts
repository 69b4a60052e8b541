import type { Draft } from '../draft.ts'

/** A line of a text in a source. */
export interface SourcePlace {
  readonly file: string
  /** From 1. */
  readonly line: number
}

/** What another tool wrote down as one task. */
export interface ForeignTask extends SourcePlace {
  /** As the tool names it: `1.2`, or `001-foundation`. */
  readonly key: string
  /** Keys of tasks that have to be done before. */
  readonly after: readonly string[]
  readonly status: 'open' | 'done' | 'blocked'
  /** Shell texts that prove it. */
  readonly commands: readonly ForeignCommand[]
  /** Without scope: the tool knows none. */
  readonly draft: Pick<Draft, 'title' | 'text'>
  /** What it may change: paths to the letter. */
  readonly files: readonly string[]
  /** What keeps it from becoming an item, in words; null: nothing. */
  readonly fault: string | null
}

export interface ForeignCommand extends SourcePlace {
  readonly text: string
}

/** A text that was read and is not taken over, or not understood. */
export interface LeftOut extends SourcePlace {
  readonly what: string
}

export interface ForeignBacklog {
  readonly format: 'loopdex' | 'codex-loop'
  readonly tasks: readonly ForeignTask[]
  readonly left: readonly LeftOut[]
}
