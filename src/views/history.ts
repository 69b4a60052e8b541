import { type Failure, type Result, fail, ok } from '../base/result.ts'
import { detectSession } from '../codex/session.ts'
import { type KnownRun, type PlacedRun, newestRun, runsIn, runsInPlace } from '../control/known-runs.ts'
import { ambiguousRuns, findNamed } from '../control/named-run.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import type { Chain } from '../ledger/chain.ts'
import type { LedgerEvent } from '../ledger/events.ts'
import { fold } from '../ledger/fold.ts'
import { readEvents } from '../ledger/ledger-file.ts'
import type { RunState } from '../ledger/state.ts'
import { isOpen } from '../verdict/standing.ts'
import type { Context } from '../records/context.ts'

/** Whether a ledger holds together from its first byte to its last. */
export interface Integrity {
  readonly state: 'intact' | 'torn-tail' | 'broken'
  /** Records that hold. */
  readonly records: number
  /** Hash of the last record that holds; '' for none. */
  readonly head: string
  /** What is wrong, in words; null when nothing is. */
  readonly problem: string | null
}

/** One run as its ledger tells it, open or closed, also from the archive. */
export interface RunHistory {
  readonly run: RunState
  /** Its own events, from `activated` on. */
  readonly events: readonly LedgerEvent[]
  readonly integrity: Integrity
  /** The ledger file. */
  readonly ledger: string
  readonly archived: boolean
}

export interface AskedRun {
  readonly cwd: string
  /** Of a run or a session, or how it begins. */
  readonly id: string | null
}

/**
 * The run a look back means: the one that the id names, or of the session that it names; else the caller's own, the
 * repository's open one, or its newest. Reads only. Codes: no-run, run-ambiguous.
 */
export function findHistory(context: Context, asked: AskedRun): Result<RunHistory> {
  const chosen = choose(context, asked)
  return chosen.ok ? historyOf(chosen.value) : chosen
}

function choose(context: Context, { cwd, id }: AskedRun): Result<KnownRun> {
  if (id !== null) return byId(context, id)
  const { home, vars } = context.env
  const live = runsInPlace(home)
  const own = detectSession(vars)?.sessionId
  const last = newestRun(live.filter(({ sessionId }) => sessionId === own))
  if (last) return ok(last)
  const root = findRepoRoot(cwd)
  const here = live.filter(({ run }) => run.activation.repoRoot === root)
  const open = here.filter(({ run }) => isOpen(run))
  if (open.length > 1) return ambiguousRuns(`${root} has ${open.length} open runs`, open)
  const one = open[0] ?? newestRun(here)
  return one
    ? ok(one)
    : fail('no-run', `${root} has no run on record`, { fix: 'autonomous-loop status --all' })
}

function byId(context: Context, id: string): Result<KnownRun> {
  const named = findNamed(context, id)
  if (!named.ok) return named
  if (named.value.kind === 'run') return ok(named.value.run)
  const newest = newestRun(named.value.runs)
  return newest
    ? ok(newest)
    : fail('no-run', `session ${named.value.sessionId} has no run on record`, {
        fix: 'autonomous-loop status --all',
      })
}

/** The last run of any ledger, wherever it lies: an attempt's too. Codes: no-run. */
export function historyIn(ledger: string): Result<RunHistory> {
  const run = runsIn(ledger).at(-1)
  return run
    ? historyOf({ run, ledger, archived: false })
    : fail('no-run', `${ledger} holds no run that can be read`)
}

/** Reads the ledger anew and whole: what is told about the past rests on no checkpoint. */
function historyOf(seen: PlacedRun): Result<RunHistory> {
  const read = readEvents(seen.ledger)
  if (!read.ok) return unreadable(seen, read.error)
  const { events, chain } = read.value
  const own = eventsOf(events, seen.run.runId)
  const run = fold(own).runs[0]
  if (!run) return fail('no-run', `${seen.ledger} holds run ${seen.run.runId.slice(0, 12)} no more`)
  return ok({
    run,
    events: own,
    ledger: seen.ledger,
    archived: seen.archived,
    integrity: integrityOf(chain),
  })
}

/** Pure. */
export function integrityOf(chain: Chain): Integrity {
  return {
    state: chain.state,
    records: chain.at.seq,
    head: chain.at.head,
    problem:
      chain.state === 'intact'
        ? null
        : chain.state === 'broken'
          ? `record ${chain.seq} does not hold: ${chain.why}`
          : `the last write was cut short: ${chain.torn.bytes} bytes are not a record; the next one will say so`,
  }
}

function unreadable(seen: PlacedRun, why: Failure): Result<never> {
  return fail('no-run', `the ledger of run ${seen.run.runId.slice(0, 12)} cannot be read: ${why.message}`)
}

/** From the run's `activated` to the next one that began another run. */
export function eventsOf(events: readonly LedgerEvent[], runId: string): readonly LedgerEvent[] {
  const from = events.findIndex((event) => event.type === 'activated' && event.data.runId === runId)
  if (from < 0) return []
  const next = events.findIndex((event, index) => index > from && event.type === 'activated')
  return events.slice(from, next < 0 ? events.length : next)
}
