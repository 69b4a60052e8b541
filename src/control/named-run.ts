import { type Result, fail, ok } from '../base/result.ts'
import { listSessions } from '../ledger/sessions.ts'
import type { Context } from '../records/context.ts'
import { listLive } from '../records/live.ts'
import { type KnownRun, archivedRuns, newestRun, runsInPlace } from './known-runs.ts'

/** What an id means: one run, or a session with whatever runs it has. */
export type Named =
  | { readonly kind: 'run'; readonly sessionId: string; readonly run: KnownRun }
  | { readonly kind: 'session'; readonly sessionId: string; readonly runs: readonly KnownRun[] }

/** Shorter beginnings would hit by chance. A whole id may have any length. */
const leastLength = 4

/**
 * The run or session whose id is this or begins with it: status shows both, so both are taken everywhere. What is in
 * place goes before the archive. Reads only. Codes: no-run, run-ambiguous (as ambiguousRuns).
 */
export function findNamed(context: Context, id: string): Result<Named> {
  const { home } = context.env
  const runs = runsInPlace(home)
  const sessions = [
    ...runs.map(({ sessionId }) => sessionId),
    // A session without a run, or with a record that nobody can read, can be meant too.
    ...listLive(home).map((live) => live.sessionId),
    ...listSessions(home).flatMap(({ key, session }) =>
      session.ok || runs.some(({ ledger }) => ledger.includes(`/${key}/`)) ? [] : [key],
    ),
  ]
  const inPlace = matches(id, runs, sessions)
  const found = inPlace.length > 0 ? inPlace : inArchive(id, home)
  const [only] = found
  if (only === undefined)
    return fail(
      'no-run',
      id.length < leastLength
        ? `"${id}" is too short for the beginning of an id; ${leastLength} characters are the least`
        : `no run and no session begins with "${id.slice(0, 64)}"`,
      { fix: 'autonomous-loop status --all' },
    )
  if (found.length === 1) return ok(only)
  return ambiguousRuns(
    `"${id}" is the beginning of ${found.length} ids`,
    found.flatMap((one) => (one.kind === 'run' ? one.run : (newestRun(one.runs) ?? []))),
  )
}

/** The session that an id names; one that nothing is known of yet is taken at its word. Code: run-ambiguous. */
export function sessionNamed(context: Context, id: string): Result<string> {
  const named = findNamed(context, id)
  if (named.ok) return ok(named.value.sessionId)
  return named.error.code === 'no-run' ? ok(id) : named
}

function inArchive(id: string, home: string): Named[] {
  const runs = archivedRuns(home)
  return matches(
    id,
    runs,
    runs.map(({ sessionId }) => sessionId),
  )
}

function matches(id: string, runs: readonly KnownRun[], sessions: readonly string[]): Named[] {
  // A run that was moved stands in two ledgers under one id; the open one is meant.
  const ids = new Set(runs.map(({ run }) => run.runId))
  const named: readonly (readonly [id: string, named: Named])[] = [
    ...[...ids].flatMap((runId) => {
      const run = newestRun(runs.filter((one) => one.run.runId === runId))
      return run ? [[runId, { kind: 'run', sessionId: run.sessionId, run }] as const] : []
    }),
    ...[...new Set(sessions)].map((sessionId) => {
      const own = runs.filter((run) => run.sessionId === sessionId)
      return [sessionId, { kind: 'session', sessionId, runs: own }] as const
    }),
  ]
  const whole = named.filter(([name]) => name === id)
  const begun = id.length < leastLength ? [] : named.filter(([name]) => name.startsWith(id.toLowerCase()))
  return (whole.length > 0 ? whole : begun).map(([, one]) => one)
}

/** One of several runs must be chosen; `data.runs` has what a person needs for it, `data.choices` their ids. Code: run-ambiguous. */
export function ambiguousRuns(what: string, runs: readonly KnownRun[]): Result<never> {
  return fail('run-ambiguous', what, {
    fix: 'name one of them: its id, or how it begins',
    data: {
      choices: runs.map(({ run }) => run.runId),
      runs: runs.map(({ run, sessionId }) => ({
        run_id: run.runId,
        session_id: sessionId,
        state: run.status,
        objective: run.contract.objective,
      })),
    },
  })
}
