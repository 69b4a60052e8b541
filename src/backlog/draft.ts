import type { Evidence } from '../contract/types.ts'

/** An item before it is a file. */
export interface Draft {
  /** One line. */
  readonly title: string
  /** For the agent, as Markdown. */
  readonly text: string
  readonly scope: readonly string[]
  /** Ids. */
  readonly after: readonly string[]
  readonly exclusive: readonly string[]
  readonly tasks: readonly DraftTask[]
}

export interface DraftTask {
  readonly title: string
  readonly evidence: readonly Evidence[]
}
