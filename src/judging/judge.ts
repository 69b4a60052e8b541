import type { Clock } from '../base/env.ts'
import { type Result, fail, ok } from '../base/result.ts'
import type { Delivery, ProvisionalRelease, StopRecord } from '../ledger/events.ts'
import { withLock } from '../ledger/lock.ts'
import type { LedgerPlace } from '../ledger/paths.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { append, readRecord } from '../ledger/store.ts'
import { decide, judgementOf } from '../verdict/decide.ts'
import type { Judgement } from '../verdict/judgement.ts'
import { lookAt } from './look.ts'
import type { Ports } from './ports.ts'
import { stillHolds } from './still-holds.ts'
import { watchRun } from './watch-run.ts'

/** Who asks for a verdict, and what it is to be told. `Told` is whatever the driver makes of a judgement. */
export interface Asking<Told> {
  readonly place: LedgerPlace
  readonly clock: Clock
  /** Clock time at which gates are ended and what is known by then is judged. */
  readonly deadline: number
  /** Aborted when nobody waits for the answer any more. */
  readonly gone: AbortSignal
  /** The same, asked at once: no timer need have fired. */
  readonly isGone: () => boolean
  /** An earlier verdict that answers this question, too; null when it has to be judged. */
  readonly shared: (last: RunState) => StopRecord | null
  /** What must hold before anything is looked at. */
  readonly mayJudge: (run: RunState) => Result<void>
  readonly ports: (run: RunState, abort: AbortSignal) => Ports
  /** Makes the answer. Pure; `head` is the ledger's before this verdict. */
  readonly tell: (judgement: Judgement, run: RunState, head: string) => Told
  /** What the ledger keeps of it. */
  readonly delivered: (told: Told, head: string) => Delivery | null
  /** Of a release that is provisional, before it is written; without this a release is final at once. */
  readonly provisional?: (judgement: Judgement) => ProvisionalRelease
}

export type Judged<Told> =
  | { readonly kind: 'judged'; readonly record: StopRecord; readonly told: Told }
  /** Another caller judged the same while this one waited. */
  | { readonly kind: 'shared'; readonly record: StopRecord }
  /** Nobody is held any more: the run was closed, paused, parked or halted. */
  | { readonly kind: 'left'; readonly run: RunState | undefined }
  /** Nobody waits for the answer. */
  | { readonly kind: 'gone' }

/** A request that lands in the middle makes the facts stale; this is more often than people can cause. */
const maxRounds = 3

/**
 * One question, judged once: the lock is held by the process that judges; whoever waited for it takes the answer over if
 * it is the same question.
 *
 *   lock ─► shared answer? ─► look ─► decide ─► append (state folded again) ─► answer
 *                               ▲                  │ refined or amended meanwhile
 *                               └──────────────────┘ (closed or paused: gates killed, let go)
 *
 * An asker that is gone ends it anywhere before the append: gates killed, no verdict, since nobody would be told of it.
 * Codes: moving, ledger-busy (no verdict is on record, and no note of it can be), and whatever keeps a stop from being judged or its verdict from being written.
 */
export async function judge<Told>(asking: Asking<Told>): Promise<Result<Judged<Told>>> {
  const { place, clock, gone } = asking
  const waitMs = Math.max(0, asking.deadline - clock())
  const judged = await withLock(place.judgingLock, { waitMs, signal: gone }, () => judgeLocked(asking))
  return !judged.ok && judged.error.code === 'lock-aborted' ? ok({ kind: 'gone' }) : judged
}

async function judgeLocked<Told>(asking: Asking<Told>): Promise<Result<Judged<Told>>> {
  for (let round = 1; round <= maxRounds; round += 1) {
    const record = readRecord(asking.place)
    if (!record.ok) return record
    const { state } = record.value
    const last = state.runs.at(-1)
    const shared = last ? asking.shared(last) : null
    if (shared) return ok({ kind: 'shared', record: shared })
    const run = openRun(state)
    if (run?.status !== 'active') return ok({ kind: 'left', run: run ?? last })

    const judged = await judgeOnce(asking, run, state.head)
    if (judged.ok || judged.error.code !== 'run-changed') return judged
  }
  return fail('moving', `the contract changed ${maxRounds} times while this stop was judged`)
}

async function judgeOnce<Told>(
  asking: Asking<Told>,
  run: RunState,
  head: string,
): Promise<Result<Judged<Told>>> {
  const { place, clock } = asking
  const began = clock()
  const allowed = asking.mayJudge(run)
  if (!allowed.ok) return allowed

  const watch = watchRun(place, run.runId, asking.deadline - began)
  const ports = asking.ports(run, AbortSignal.any([watch.signal, asking.gone]))
  const facts = await lookAt(run, ports).finally(() => watch.close())
  if (asking.isGone()) return ok({ kind: 'gone' })
  if (!facts.ok) return facts

  const judgement = judgementOf(decide(facts.value, run), facts.value, run, clock() - began)
  const told = asking.tell(judgement, run, head)
  const delivered = asking.delivered(told, head)
  const provisional = judgement.verdict === 'release' ? asking.provisional?.(judgement) : undefined
  const record: StopRecord = {
    ...judgement,
    ...(delivered ? { delivered } : {}),
    ...(provisional ? { provisional } : {}),
  }

  const written = append(place, clock, (state) => {
    const children = ports.session?.children ?? (() => [])
    const holds = stillHolds(judgement, run, openRun(state), children)
    return holds.ok ? ok([{ type: 'stop', data: record }]) : holds
  })
  if (written.ok) return ok({ kind: 'judged', record, told })
  return written.error.code === 'run-left' ? ok({ kind: 'left', run: lastRun(place) }) : unwritten(written)
}

/** Another process at work on the run is no fault of the record. */
function unwritten(failed: Extract<Result<unknown>, { ok: false }>): Result<never> {
  const { error } = failed
  if (error.code === 'run-changed') return failed
  // Whoever holds the ledger would make a note of it wait as long again, past the time there is.
  const code = error.code === 'lock-busy' ? 'ledger-busy' : error.code
  return {
    ok: false,
    error: { ...error, code, message: `the verdict could not be recorded: ${error.message}` },
  }
}
function lastRun(place: LedgerPlace): RunState | undefined {
  const record = readRecord(place)
  return record.ok ? record.value.state.runs.at(-1) : undefined
}
