/** What does not hold of the record that a report rests on. */
export type RecordProblem =
  /** The chain of the batch's ledger breaks: what follows `events` is not told. */
  | { readonly kind: 'batch-broken'; readonly why: string }
  /** The last write was cut short. The next process says so in the ledger; nothing is lost by it. */
  | { readonly kind: 'batch-torn'; readonly bytes: number }
  /** Of one attempt. `missing`: its ledger is not there; `broken`: its chain breaks; `differs`: it does not hold the verdict that the batch rests on. */
  | {
      readonly kind: 'missing' | 'broken' | 'differs'
      readonly item: string
      readonly attempt: number
      readonly why: string
    }
