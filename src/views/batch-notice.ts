import type { BatchView } from './batch-status.ts'

/** What a notify command is told of a batch: one JSON object. No text of an agent is in it. */
export interface BatchNotice {
  readonly event: Exclude<BatchView['state'], 'running'>
  readonly batch: string
  readonly code: string | null
  readonly repo_root: string
  readonly counts: {
    readonly items: number
    readonly done: number
    readonly parked: number
    readonly dropped: number
    /** Neither done nor parked nor dropped. */
    readonly open: number
  }
  readonly parked: readonly { readonly id: string; readonly code: string | null }[]
  /** When a quota opens again; null: none is known to be used up. */
  readonly until: string | null
  readonly branch: string | null
  /** The one command that comes next; null: nothing is waited for. */
  readonly next: string | null
  /** Our command line. */
  readonly cli: string
}

/** Pure. */
export function batchNotice(view: BatchView, repoRoot: string, cli: string): BatchNotice {
  const { items, state, batch, code, quota, branch, next } = view
  const inState = (wanted: string): number => items.filter((one) => one.state === wanted).length
  const [done, parked, dropped] = [inState('done'), inState('parked'), inState('dropped')]
  return {
    // It works, and is told of all the same: it waits for a quota.
    event: state === 'running' ? 'suspended' : state,
    batch,
    code,
    repo_root: repoRoot,
    counts: { items: items.length, done, parked, dropped, open: items.length - done - parked - dropped },
    parked: items.flatMap((one) => (one.state === 'parked' ? [{ id: one.id, code: one.code }] : [])),
    until: quota?.until ?? null,
    branch,
    next,
    cli,
  }
}

/** One line for a desktop or a mail's subject, of numbers and names of ours. Pure. */
export function noticeLine({ batch, counts }: Pick<BatchNotice, 'batch' | 'counts'>): string {
  const parts = [
    `${counts.done} of ${counts.items} done`,
    ...(counts.parked === 0 ? [] : [`${counts.parked} parked`]),
  ]
  return `batch ${batch}: ${parts.join(', ')}`
}
