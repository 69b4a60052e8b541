import { sha256 } from '../../../src/base/hash.ts'
import { supervisorOf } from '../../../src/contract/supervisor/settings.ts'
import type { BatchEvent, NewBatchEvent } from '../../../src/supervisor/record/events.ts'
import { addEvent } from '../../../src/supervisor/record/fold.ts'
import type { BatchState } from '../../../src/supervisor/record/state.ts'
import type { Around } from '../../../src/views/batch-around.ts'
import { buildBatchReport } from '../../../src/views/batch-report/build.ts'
import type { BatchReport } from '../../../src/views/batch-report/shape.ts'
import { attemptsTold } from '../../../src/views/batch-report/tries.ts'
import type { FoundVerdict, FoundVerdicts } from '../../../src/views/batch-report/verdicts.ts'
import { config, itemOf, markdown } from '../../backlog/rig.ts'
import { openedWith } from '../opened.ts'

/** The first event of each batch below; each following one a second later, or at its own time. */
export const BEGIN = Date.UTC(2026, 0, 31, 22)

export type Happened = NewBatchEvent & { readonly at?: number }

const items = ['001-a.md', '002-b.md'].map((name) => itemOf(name, markdown('scope: [a/**]')))

/** The report of a batch of two items in which these events follow its opening. */
export function reportOf(
  events: readonly Happened[],
  around: Partial<Around> = {},
  verdicts: Readonly<Record<string, FoundVerdict>> = {},
): BatchReport {
  const all: BatchEvent[] = [{ type: 'batch-opened' as const, data: openedWith(items) }, ...events].map(
    (event, at) => ({
      seq: at + 1,
      at: BEGIN + at * 1000,
      prev: '',
      hash: sha256(`${at}`),
      ...event,
    }),
  )
  const state = all.reduce<BatchState | null>(addEvent, null)
  if (state === null) throw new Error('no batch')
  const attempts = attemptsTold(all)
  const found: FoundVerdicts = {
    of: (_, head) => verdicts[head] ?? null,
    found: Object.keys(verdicts).length,
    problems: [],
  }
  return buildBatchReport(
    { batch: 'b', state, events: all, attempts, verdicts: found, problems: [], newest: true },
    {
      now: BEGIN,
      plan: {
        items: new Map(items.map((one) => [one.id, one])),
        settings: supervisorOf(config),
        unapproved: new Map(),
        held: null,
      },
      usesSignIn: { codex: true, claude: true },
      newItems: [],
      isAlive: false,
      isContinuous: false,
      watcher: null,
      signs: new Map(),
      ...around,
    },
  )
}

export const started: Happened = {
  type: 'started',
  data: { owner: { pid: 1, start: '1' }, bootId: 'boot', version: '1.2.3', iterations: null, until: null },
}

export const opens = (item: string, fence: number, agent = 'codex', attempt = fence): Happened => ({
  type: 'attempt-opened',
  data: {
    item,
    fence,
    attempt,
    base: 'base',
    digest: items.find((one) => one.id === item)!.digest,
    agent,
  },
})

export const begins = (item: string, fence: number, turn = 1): readonly Happened[] => [
  { type: 'worktree-ready', data: { item, fence, worktree: item } },
  { type: 'turn-begun', data: { item, fence, turn } },
]

/** By its text the head of a verdict tells what it says: `pass`, or the gate that failed. */
export const judged = (item: string, fence: number, tree: string, head: string): Happened => ({
  type: 'judged',
  data: {
    item,
    fence,
    record: `attempts/${item}-${fence}`,
    ledgerHead: head,
    head: 'base',
    tree,
    verdict: head.startsWith('pass') ? 'release' : 'block',
    signature: sha256(head),
    blockers: head.startsWith('pass') ? [] : ['command'],
    red: [],
    without: [],
    layers: [],
    ms: 500,
  },
})
