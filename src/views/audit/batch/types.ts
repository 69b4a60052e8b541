import type { Sha256 } from '../../../base/hash.ts'
import type { Finding } from '../types.ts'

/** Something of a batch that does not add up: what, where, and what to do. */
export interface BatchFinding extends Finding {
  /** A file, a ref or a commit. */
  readonly where: string
  readonly todo: string
}

export interface BatchAudit {
  readonly batch: string
  /** Of the person's repository. */
  readonly top: string | null
  readonly ledger: { readonly file: string; readonly events: number; readonly head: Sha256 | '' }
  readonly items: { readonly all: number; readonly done: number }
  /** What was held against something outside of the ledger. */
  readonly looked: {
    readonly verdicts: number
    readonly commits: number
    readonly refs: number
    readonly files: number
  }
  /** Logs of attempts that `clean` removed. */
  readonly removedLogs: number
  readonly findings: readonly BatchFinding[]
}

/** What else there is to say of a finding. */
type Place = Pick<BatchFinding, 'where' | 'todo'> & { readonly at?: number | null }

export const broken = (code: string, message: string, { where, todo, at = null }: Place): BatchFinding => ({
  code,
  level: 'broken',
  message,
  at,
  where,
  todo,
})
export const suspect = (code: string, message: string, place: Place): BatchFinding => ({
  ...broken(code, message, place),
  level: 'suspect',
})

/** Where the record cannot be relied on any more. */
export const KEEP =
  'do not land it; keep the directory of the batch as it is, and begin another batch: autonomous-loop run --new'

export const short = (commit: string): string => commit.slice(0, 12)
