import type { ErrorCode } from '../../base/error-code.ts'

/** What a command comes to at its start. */
export type Call =
  /** As if nothing were the matter. */
  | 'on'
  /** It ends with this code, and nothing is changed. */
  | { readonly refused: ErrorCode }
  /** The batch is taken up, and rests so at once. */
  | { readonly rests: string }
  /** Joined with what is there by now, and judged again. */
  | 'joined'

export interface CallRow {
  /** For the documents. */
  readonly what: string
  /** `run` where no batch is open. */
  readonly opens: Call
  /** `run` where one is. */
  readonly goesOn: Call
  /** `land --merge` with something done. */
  readonly lands: Call
}

/** What may be so when a command begins. Shown in docs/supervisor.md; test/supervisor/calls.test.ts holds every cell to what is done. */
export const CALLS = {
  'no-remote': { what: 'the repository has no remote', opens: 'on', goesOn: 'on', lands: 'on' },
  shallow: { what: 'the repository is a shallow clone', opens: 'on', goesOn: 'on', lands: 'on' },
  'target-moved': { what: 'the target has moved', opens: 'on', goesOn: 'on', lands: 'joined' },
  'target-gone': {
    what: 'the target was deleted',
    opens: 'on',
    goesOn: 'on',
    lands: { refused: 'land-target-gone' },
  },
  'repository-copied': {
    what: 'the repository is a copy of the one that has the batch',
    opens: 'on',
    goesOn: 'on',
    lands: { refused: 'batch-missing' },
  },
  'repository-moved': {
    what: 'the repository was moved (`--adopt` says that it is the same)',
    opens: { refused: 'repository-moved' },
    goesOn: { refused: 'repository-moved' },
    lands: { refused: 'batch-missing' },
  },
  'config-changed': {
    what: 'the config differs from what was approved',
    opens: { refused: 'config-unapproved' },
    goesOn: { rests: 'paused config-changed' },
    lands: 'on',
  },
  'approval-withdrawn': {
    what: 'nobody approves the config any more',
    opens: { refused: 'config-unapproved' },
    goesOn: { rests: 'paused approval-withdrawn' },
    lands: 'on',
  },
  'item-edited': {
    what: 'an item differs from what was accepted',
    opens: { refused: 'backlog-unaccepted' },
    goesOn: { rests: 'parked items' },
    lands: 'on',
  },
  'stop-file': {
    what: 'a stop file is there',
    opens: { refused: 'stop-file' },
    goesOn: { refused: 'stop-file' },
    lands: 'on',
  },
  'batch-running': {
    what: 'another process supervises',
    opens: { refused: 'batch-running' },
    goesOn: { refused: 'batch-running' },
    lands: { refused: 'batch-running' },
  },
} as const satisfies Readonly<Record<string, CallRow>>
