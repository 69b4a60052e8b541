import path from 'node:path'
import { type Failure, type Result, fail, ok } from '../base/result.ts'
import { detectSession } from '../codex/session.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { type LedgerEvent, sessionOf } from '../ledger/events.ts'
import { fold } from '../ledger/fold.ts'
import { namesIn } from '../ledger/home.ts'
import { readEvents } from '../ledger/ledger-file.ts'
import { homePaths, sessionPathsOfKey } from '../ledger/paths.ts'
import { listSessions } from '../ledger/sessions.ts'
import { isOpen } from '../verdict/standing.ts'
import type { RunState } from '../ledger/state.ts'
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
  readonly sessionId: string | null
  /** A run's id or the beginning of it, at least 6 digits. */
  readonly runId: string | null
}

interface Seen {
  readonly run: RunState
  readonly ledger: string
  readonly archived: boolean
}

/**
 * The run a look back means: by id; else of the session; else the caller's own, the repository's open one, or its newest.
 * Reads only. Codes: no-run, run-ambiguous (`data.choices`).
 */
export function findHistory(context: Context, asked: AskedRun): Result<RunHistory> {
  const chosen = choose(context, asked)
  return chosen.ok ? historyOf(chosen.value) : chosen
}

function choose(context: Context, asked: AskedRun): Result<Seen> {
  const { home, vars } = context.env
  const live = liveRuns(home)
  if (asked.runId !== null) return byId(home, live, asked.runId)
  const root = findRepoRoot(asked.cwd)
  const own = asked.sessionId ?? detectSession(vars)?.sessionId
  const ofSession = live.filter(({ run }) => sessionOf(run.activation) === own)
  const last = newest(ofSession)
  if (last) return ok(last)
  if (asked.sessionId !== null)
    return fail('no-run', `session ${asked.sessionId} has no run on record`, {
      fix: 'autonomous-loop status --all',
    })
  const here = live.filter(({ run }) => run.activation.repoRoot === root)
  const open = here.filter(({ run }) => isOpen(run))
  if (open.length > 1) return ambiguous(`${root} has ${open.length} open runs`, open)
  const one = open[0] ?? newest(here)
  return one
    ? ok(one)
    : fail('no-run', `${root} has no run on record`, { fix: 'autonomous-loop status --all' })
}

function byId(home: string, live: readonly Seen[], id: string): Result<Seen> {
  const matches = (all: readonly Seen[]) =>
    all.filter(({ run }) => id.length >= 6 && run.runId.startsWith(id))
  const inSight = matches(live)
  // The archive is read only when it must be: it grows for ever.
  const found = inSight.length > 0 ? inSight : matches(archivedRuns(home))
  if (found.length > 1) return ambiguous(`${found.length} runs begin with ${id}`, found)
  return found[0]
    ? ok(found[0])
    : fail('no-run', `no run begins with ${id}; at least 6 digits are needed`, {
        fix: 'autonomous-loop status --all',
      })
}

function ambiguous(what: string, runs: readonly Seen[]): Result<never> {
  return fail(
    'run-ambiguous',
    `${what}: ${runs.map(({ run }) => `${run.runId.slice(0, 12)} "${run.contract.objective}"`).join('; ')}`,
    { fix: 'name one with --run <id>', data: { choices: runs.map(({ run }) => run.runId) } },
  )
}

function liveRuns(home: string): readonly Seen[] {
  return listSessions(home).flatMap(({ key, session }) => {
    const { ledger } = sessionPathsOfKey(home, key)
    // A record that does not hold is what somebody may want to look at most.
    const runs = session.ok ? session.value.state.runs : runsIn(ledger)
    return runs.map((run) => ({ run, ledger, archived: false }))
  })
}

function archivedRuns(home: string): readonly Seen[] {
  const dir = path.join(homePaths(home).archived, 'sessions')
  return namesIn(dir).flatMap((name) => {
    const ledger = path.join(dir, name, 'ledger.jsonl')
    return runsIn(ledger).map((run) => ({ run, ledger, archived: true }))
  })
}

function runsIn(ledger: string): readonly RunState[] {
  const read = readEvents(ledger)
  return read.ok ? fold(read.value.events).runs : []
}

function newest(runs: readonly Seen[]): Seen | undefined {
  const byTime = [...runs].sort((a, b) => b.run.createdAt - a.run.createdAt)
  return byTime.find(({ run }) => isOpen(run)) ?? byTime[0]
}

/** The last run of any ledger, wherever it lies: an attempt's too. Codes: no-run. */
export function historyIn(ledger: string): Result<RunHistory> {
  const run = runsIn(ledger).at(-1)
  return run
    ? historyOf({ run, ledger, archived: false })
    : fail('no-run', `${ledger} holds no run that can be read`)
}

/** Reads the ledger anew and whole: what is told about the past rests on no checkpoint. */
function historyOf(seen: Seen): Result<RunHistory> {
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
    integrity: {
      state: chain.state,
      records: chain.at.seq,
      head: chain.at.head,
      problem:
        chain.state === 'intact'
          ? null
          : chain.state === 'broken'
            ? `record ${chain.seq} does not hold: ${chain.why}`
            : `the last write was cut short: ${chain.torn.bytes} bytes are no record; the next one will say so`,
    },
  })
}

function unreadable(seen: Seen, why: Failure): Result<never> {
  return fail('no-run', `the ledger of run ${seen.run.runId.slice(0, 12)} cannot be read: ${why.message}`)
}

/** From the run's `activated` to the next one that began another run. */
export function eventsOf(events: readonly LedgerEvent[], runId: string): readonly LedgerEvent[] {
  const from = events.findIndex((event) => event.type === 'activated' && event.data.runId === runId)
  if (from < 0) return []
  const next = events.findIndex((event, index) => index > from && event.type === 'activated')
  return events.slice(from, next < 0 ? events.length : next)
}
