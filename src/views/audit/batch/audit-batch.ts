import { type Failure, type Result, ok } from '../../../base/result.ts'
import { lookAround } from '../../batch-around.ts'
import { attemptsIn } from '../../show/attempts.ts'
import { ownOfBatch } from '../../show/work.ts'
import type { Context } from '../../../records/context.ts'
import { type BatchPaths, batchPaths, refs } from '../../../supervisor/batch/paths.ts'
import { readBatch } from '../../../supervisor/record/batch-ledger.ts'
import type { BatchEvent } from '../../../supervisor/record/events.ts'
import type { BatchState } from '../../../supervisor/record/state.ts'
import { addEvent } from '../../../supervisor/record/fold.ts'
import { refsNamed } from '../../../workspace/trees/look-commits.ts'
import type { OwnRepository } from '../../../workspace/trees/types.ts'
import type { Commits } from './commits-asked.ts'
import { commitFindings } from './commits.ts'
import { leftFindings } from './left-files.ts'
import { recordFindings } from './record.ts'
import { type BatchAudit, type BatchFinding, KEEP, broken, suspect } from './types.ts'
import { verdictFindings } from './verdicts.ts'

/**
 * Verifies again everything that is on record about one batch: the chain of its ledger, what its events say against each other, every
 * verdict against the engine's own record, every commit and ref against our repository, and what was landed against the person's. Reads
 * only, also while the batch runs.
 */
export async function auditBatch(context: Context, repoId: string, batch: string): Promise<BatchAudit> {
  const paths = batchPaths(context.env.home, repoId, batch)
  // Looked at before the ledger: whatever moves meanwhile is on record before it moves.
  const opened = openedIn(paths)
  const own = opened === null ? null : ownOfBatch(context, opened)
  const ours = own?.ok === true ? await oursOf(own.value, batch) : null
  const { events, findings } = readLedger(paths)
  const state = stateOf(events)
  const isAlive = state !== null && lookAround(state, context).isAlive
  const attempts = attemptsIn(events)
  const verdicts = verdictFindings(context.env.home, paths, events, attempts)
  const files = leftFindings(paths, attempts)
  const commits = await commitsOf()
  const last = events.at(-1)
  return {
    batch,
    top: state?.opened.top ?? null,
    ledger: { file: paths.ledger, events: events.length, head: last?.hash ?? '' },
    items: {
      all: state?.items.size ?? 0,
      done: [...(state?.items.values() ?? [])].filter(({ standing }) => standing.kind === 'done').length,
    },
    looked: {
      verdicts: verdicts.looked,
      commits: commits.ok ? commits.value.commits : 0,
      refs: commits.ok ? commits.value.refs : 0,
      files: files.looked,
    },
    removedLogs: files.removed,
    findings: [
      // What is being written is no write that was cut short.
      ...findings.filter((one) => !isAlive || one.code !== 'torn-tail'),
      ...recordFindings(events, paths.ledger),
      ...verdicts.findings,
      ...(commits.ok ? commits.value.findings : [unseen(commits.error, paths)]),
      ...files.findings,
    ],
  }

  async function commitsOf(): Promise<Result<Commits>> {
    if (state === null || own === null) return ok({ commits: 0, refs: 0, findings: [] })
    if (!own.ok) return own
    if (ours === null || !ours.ok) return ours ?? ok({ commits: 0, refs: 0, findings: [] })
    return commitFindings({
      own: own.value,
      state,
      events,
      attempts,
      ours: ours.value,
      isAlive,
      now: context.clock(),
    })
  }
}

const oursOf = (own: OwnRepository, batch: string): ReturnType<typeof refsNamed> =>
  refsNamed(
    own,
    refs.head(batch),
    ...['attempts', 'rescue'].map((kind) => `refs/autonomous-loop/${kind}/${batch}`),
  )

/** What was opened there, whatever came after it. */
function openedIn(paths: BatchPaths): BatchState['opened'] | null {
  return stateOf(readLedger(paths).events)?.opened ?? null
}

function readLedger(paths: BatchPaths): {
  readonly events: readonly BatchEvent[]
  readonly findings: readonly BatchFinding[]
} {
  const events: BatchEvent[] = []
  const read = readBatch(paths.ledger, (event) => events.push(event))
  const place = { where: paths.ledger, todo: KEEP }
  if (!read.ok) return { events, findings: [broken('ledger-broken', read.error.message, place)] }
  if (read.value.state === null)
    return {
      events,
      findings: [broken('ledger-gone', 'the batch has a directory, and nothing is recorded of it', place)],
    }
  const { torn } = read.value
  if (torn === null) return { events, findings: [] }
  const words = `the last write into the ledger was cut short (${torn.bytes} bytes)`
  return {
    events,
    findings: [
      suspect('torn-tail', words, { ...place, todo: 'autonomous-loop run, which goes on after it' }),
    ],
  }
}

/** As far as its events can be folded. */
function stateOf(events: readonly BatchEvent[]): BatchState | null {
  return events.reduce<BatchState | null>((state, event) => addEvent(state, event), null)
}

/** It may have been moved, or be somewhere else for now: that nobody can look proves nothing. */
function unseen({ message, fix }: Failure, { dir }: BatchPaths): BatchFinding {
  return suspect('commits-unseen', `its commits cannot be looked at: ${message}`, {
    where: dir,
    todo: fix ?? 'autonomous-loop doctor',
  })
}
