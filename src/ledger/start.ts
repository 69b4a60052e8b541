import fs from 'node:fs'
import type { Clock } from '../base/env.ts'
import { errno } from '../base/read-file.ts'
import { systemWords } from '../base/system-words.ts'
import { type Failure, type Result, fail, ok } from '../base/result.ts'
import { type Activation, type SessionActivation, sessionOf } from './events.ts'
import { beginRun } from './begin-run.ts'
import { withLockSync } from './lock.ts'
import { type SessionRecord, assess, look, steadyLook } from './look.ts'
import { type Marker, removeMarker, writeMarker } from './markers.ts'
import { type Hold, type LedgerPlace, sessionPaths } from './paths.ts'
import { needsSettling, settleLocked } from './settle.ts'
import { type LedgerState, openRun, provisionalRun } from './state.ts'
import { step } from './step.ts'
import { appendLocked, appendWaitMs } from './store.ts'

/** Starts a run in its session, which is held from then on. Failures: those of startIn. */
export function startRun(home: string, activation: SessionActivation, at: number): Result<LedgerState> {
  return startIn(sessionPaths(home, activation.origin.sessionId), activation, at)
}

/**
 * Starts a run. Where a session is held, the marker comes first, with the whole activation, then the ledger; see the diagram
 * in settle.ts. `at` in ms. Codes: run-open (data: run_id), start-failed, and those of append.
 */
export function startIn(place: LedgerPlace, activation: Activation, at: number): Result<LedgerState> {
  return withLockSync(place.appendLock, { waitMs: appendWaitMs }, () => {
    const settled = settleLocked(place, () => at)
    if (!settled.ok) return settled
    const record = assess(look(place), place)
    if (!record.ok) return record
    const open = openRun(record.value.state)
    if (open)
      return fail('run-open', `this session already has an open run: "${open.contract.objective}"`, {
        fix: 'the person ends it with the prompt: autonomous-loop waive',
        data: { run_id: open.runId },
      })
    const released = provisionalRun(record.value.state)
    // The agent could put a contract of its own in the place of one that would be judged again.
    if (released && !released.release.prompted && isAgents(activation))
      return fail('run-open', 'the release of this session is provisional until the person goes on', {
        fix: 'the person goes on with any prompt',
        data: { run_id: released.runId },
      })
    const begin = (): Result<LedgerState> => {
      const written = appendLocked(
        place,
        () => at,
        () => ok(beginRun(record.value.state, activation)),
      )
      return written.ok ? ok(written.value.state) : written
    }
    return place.hold && isOfSession(activation)
      ? startHeld(place.hold, { v: 1, started: false, activation, at }, record.value.marker, begin)
      : begin()
  })
}

function isOfSession(activation: Activation): activation is SessionActivation {
  return sessionOf(activation) !== null
}

function isAgents({ origin }: Activation): boolean {
  return origin.kind === 'session' && origin.armedBy === 'agent'
}

function startHeld(
  hold: Hold,
  marker: Marker,
  before: Marker | null,
  begin: () => Result<LedgerState>,
): Result<LedgerState> {
  step('start:before-marker')
  const announced = mark(hold, marker)
  if (!announced.ok) return announced
  step('start:after-marker')
  const begun = begin()
  if (!begun.ok) {
    // Refused, so that the answer is true: a marker left here would start the run later.
    if (before) mark(hold, before)
    else removeMarker(hold)
    return begun
  }
  step('start:after-ledger')
  // If only this last write fails, the run stands all the same and the next process writes it.
  mark(hold, { ...marker, started: true })
  step('start:after-started')
  return begun
}

function mark(hold: Hold, marker: Marker): Result<void> {
  try {
    writeMarker(hold, marker)
    return ok(undefined)
  } catch (error) {
    return fail('start-failed', `${hold.marker} could not be written: ${systemWords(error)}`, {
      data: { errno: errno(error) },
    })
  }
}

/**
 * Reads a session at the start of every handler and request, and finishes what a crash or the shim left to do. Where
 * that is impossible (the agent's sandbox), the finding `unsettled` says why and the state is the one on the disk.
 * Codes: those of readSession.
 */
export function settle(home: string, sessionId: string, clock: Clock): Result<SessionRecord> {
  const paths = sessionPaths(home, sessionId)
  const before = steadyLook(paths)
  if (!needsSettling(before)) {
    // The marker of a closed run went, and a crash kept the flag beside the ledger.
    if (before.ledger.ok && before.marker.ok && !before.marker.value && !openRun(before.ledger.value.state))
      fs.rmSync(paths.openFlag, { force: true })
    return assess(before, paths)
  }
  const done = withLockSync(paths.appendLock, { waitMs: appendWaitMs }, () => settleLocked(paths, clock))
  const after = assess(look(paths), paths)
  return after.ok && !done.ok
    ? ok({ ...after.value, findings: [...after.value.findings, unsettled(done.error)] })
    : after
}

function unsettled(cause: Failure): Failure {
  return { ...cause, code: 'unsettled', data: { ...cause.data, cause: cause.code } }
}

/** Gives an open run its marker back; for a person's `resume` after `marker-missing`. False when none was needed. */
export function restoreMarker(home: string, sessionId: string): Result<boolean> {
  const paths = sessionPaths(home, sessionId)
  return withLockSync(paths.appendLock, { waitMs: appendWaitMs }, () => {
    const record = assess(look(paths), paths)
    if (!record.ok) return record
    const open = openRun(record.value.state)
    if (!open || !record.value.findings.some((finding) => finding.code === 'marker-missing')) return ok(false)
    if (!isOfSession(open.activation)) return ok(false)
    const marked = mark(paths.hold, { v: 1, started: true, activation: open.activation, at: open.createdAt })
    return marked.ok ? ok(true) : marked
  })
}
