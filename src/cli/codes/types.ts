import type { ErrorCode } from '../../base/error-code.ts'

/** What an error code means. Backticks and links are Markdown; a terminal shows them as plain words. */
export interface CodeEntry {
  /** What happened. */
  readonly what: string
  /** Why that stands in the way, or what else belongs to it. */
  readonly why?: string
  /** What to do. */
  readonly todo: string
}

export interface CodeSection {
  readonly title: string
  readonly codes: { readonly [code in ErrorCode]?: CodeEntry }
}
