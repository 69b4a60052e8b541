import fs from 'node:fs'
import path from 'node:path'
import { errno } from '../base/read-file.ts'
import { systemWords } from '../base/system-words.ts'
import { type Failure, type Result, fail, ok } from '../base/result.ts'
import { syncDirectory } from '../base/write-file.ts'
import { namesIn } from '../base/names-in.ts'
import { withLockSync } from './lock.ts'
import { removeMarker } from './markers.ts'
import { type SessionPaths, homePaths, pendingMarkerPath, sessionPaths, sessionPathsOfKey } from './paths.ts'
import { type Pending, listPending } from './pending.ts'
import { settleLocked } from './settle.ts'
import { isOpen, isProvisional } from '../verdict/standing.ts'
import { openRun } from './state.ts'
import { sessionOf } from './events.ts'
import { step } from './step.ts'
import { appendLocked, appendWaitMs, readRecord } from './store.ts'

export interface ArchiveOptions {
  /** All in ms; `now` since the epoch. */
  readonly now: number
  /** How long a closed run stays in sight. */
  readonly retentionMs: number
  /** How long a request may wait for its claim, and an open run be silent before a person's cleanup takes it. */
  readonly staleMs: number
  /** Asked for by a person: only then do open runs go. */
  readonly person: boolean
  /** Only what belongs to this repository. */
  readonly repoRoot?: string
  /** Only tells what would go. */
  readonly dry?: boolean
}

export interface Archived {
  /** Session ids whose closed runs went out of sight. */
  readonly sessions: readonly string[]
  /** Session ids whose open run was closed as `disabled` first; always empty without `person`. */
  readonly open: readonly string[]
  /** Nonce hashes of requests that nobody claimed. */
  readonly requests: readonly string[]
  /** What was left alone although it was its time, by name. */
  readonly kept: readonly { readonly name: string; readonly why: Failure }[]
}

/** What lies in the archive. */
export function archivedCounts(home: string): { readonly sessions: number; readonly requests: number } {
  const { archived } = homePaths(home)
  return {
    sessions: namesIn(path.join(archived, 'sessions')).length,
    requests: namesIn(path.join(archived, 'requests')).length,
  }
}

/** Moves what is over out of sight. Nothing is ever deleted, and no open run goes unless a person asked. */
export function archiveClosed(home: string, options: ArchiveOptions): Archived {
  const sessions: string[] = []
  const open: string[] = []
  const kept: { name: string; why: Failure }[] = []
  for (const key of namesIn(homePaths(home).sessions)) {
    const paths = sessionPathsOfKey(home, key)
    if (!mayBeOver(paths, options)) continue
    const went = archiveSession(home, paths, options)
    if (!went.ok) kept.push({ name: key, why: went.error })
    else if (went.value) (went.value.wasOpen ? open : sessions).push(went.value.sessionId)
  }
  const requests = archiveRequests(home, options, kept)
  return { sessions, open, requests, kept }
}

/** A ledger written to lately (without one: a directory made lately) is not over; saves reading most of them. */
function mayBeOver(paths: SessionPaths, { now, retentionMs, staleMs, person }: ArchiveOptions): boolean {
  const modified = (file: string) => fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs
  const at = modified(paths.ledger) ?? modified(paths.dir)
  return at !== undefined && Math.abs(now - at) >= (person ? Math.min(retentionMs, staleMs) : retentionMs)
}

function archiveSession(
  home: string,
  paths: SessionPaths,
  { now, retentionMs, staleMs, person, repoRoot, dry }: ArchiveOptions,
): Result<{ sessionId: string; wasOpen: boolean } | null> {
  return withLockSync<{ sessionId: string; wasOpen: boolean } | null>(
    paths.appendLock,
    { waitMs: appendWaitMs },
    () => {
      const settled = settleLocked(paths, () => now)
      if (!settled.ok) return settled
      const record = readRecord(paths)
      if (!record.ok) return record
      const last = record.value.state.runs.at(-1)
      if (!last && !record.value.marker && repoRoot === undefined)
        return dry === true ? ok(null) : moveEmpty(home, paths, now)
      if (!last || (repoRoot !== undefined && last.activation.repoRoot !== repoRoot)) return ok(null)
      const sessionId = sessionOf(last.activation) ?? paths.key
      // Its session may still go on; hygiene settles those that have ended.
      if (isProvisional(last)) return ok(null)
      const wasOpen = isOpen(last)
      if (!isOpen(last)) {
        if (now - last.closed.at < retentionMs) return ok(null)
      } else {
        if (!person || now - last.heartbeatAt < staleMs) return ok(null)
        if (dry === true) return ok({ sessionId, wasOpen })
        // Closed in its own ledger first: a crash after this leaves a closed run, not a marker without a ledger.
        const closed = appendLocked(
          paths,
          () => now,
          (state) =>
            openRun(state)
              ? ok([
                  {
                    type: 'closed',
                    data: { how: 'disabled', by: 'terminal', reason: 'archived by a cleanup' },
                  },
                ])
              : ok([]),
        )
        if (!closed.ok) return closed
        step('archive:after-close')
      }
      if (dry === true) return ok({ sessionId, wasOpen })
      const moved = moveAway(home, 'sessions', paths.dir, paths.key, now)
      return moved.ok ? ok({ sessionId, wasOpen }) : moved
    },
  )
}

/** Left by hooks of a session that never had a run; nobody misses it and nobody is told. */
function moveEmpty(home: string, paths: SessionPaths, now: number): Result<null> {
  const moved = moveAway(home, 'sessions', paths.dir, paths.key, now)
  return moved.ok ? ok(null) : moved
}

/**
 * Puts a session's record out of the way as a whole, whatever state it is in: a person's way out when the record does not
 * hold. Answers where it lies now. Codes: archive-failed, marker-stuck, lock-busy, lock-io.
 */
export function setAside(home: string, sessionId: string, now: number): Result<string> {
  const paths = sessionPaths(home, sessionId)
  return withLockSync(paths.appendLock, { waitMs: appendWaitMs }, () => {
    // The marker goes last: until then every stop still ends in a halt.
    const moved = moveAway(home, 'sessions', paths.dir, `${paths.key}-set-aside`, now)
    if (!moved.ok) return moved
    // Whatever lies in their place must not keep the person from getting out.
    for (const left of [paths.disableRequest, paths.unjudgedNote, `${paths.unjudgedNote}.taken`])
      try {
        fs.rmSync(left, { recursive: true, force: true })
      } catch {
        // It says nothing of a session that has no record.
      }
    const removed = removeMarker(paths.hold)
    return removed.ok ? moved : removed
  })
}

function archiveRequests(
  home: string,
  { now, staleMs, repoRoot, dry }: ArchiveOptions,
  kept: { name: string; why: Failure }[],
): readonly string[] {
  const expired = listPending(home).filter(
    (one) => now - one.at >= staleMs && (repoRoot === undefined || belongsTo(repoRoot, one)),
  )
  const gone = expired.filter(({ nonceHash }) => {
    if (dry === true) return true
    const moved = moveAway(home, 'requests', pendingMarkerPath(home, nonceHash), nonceHash, now)
    if (!moved.ok) kept.push({ name: nonceHash, why: moved.error })
    return moved.ok
  })
  return gone.map((one) => one.nonceHash)
}

/** A request that cannot be read belongs to nobody in particular, and so to whoever cleans up. */
function belongsTo(repoRoot: string, request: Pending): boolean {
  return request.failure !== null || request.content['repoRoot'] === repoRoot
}

function moveAway(
  home: string,
  kind: 'sessions' | 'requests',
  from: string,
  name: string,
  now: number,
): Result<string> {
  const dir = path.join(homePaths(home).archived, kind)
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    const to = freeName(path.join(dir, `${name}-${Math.trunc(now)}`))
    fs.renameSync(from, to)
    syncDirectory(dir)
    syncDirectory(path.dirname(from))
    return ok(to)
  } catch (error) {
    return fail('archive-failed', `${from} could not be archived: ${systemWords(error)}`, {
      data: { errno: errno(error) },
    })
  }
}

/** A session may be archived more than once, even at the same millisecond of a clock that stands. */
function freeName(wanted: string): string {
  let name = wanted
  for (let number = 2; fs.existsSync(name); number += 1) name = `${wanted}-${number}`
  return name
}
