import type { Comparison } from '../types.ts'

/** What an evaluator looks at. */
export interface Looked {
  readonly root: string
  readonly comparison: Comparison
  /** Changes that gates made and nobody since. */
  readonly byGates?: ReadonlySet<string>
}

/** Met or not, and one line about what was looked for and what is there. */
export interface Finding {
  readonly met: boolean
  readonly detail: string
}
