import type { ErrorCode } from '../base/error-code.ts'
import fs from 'node:fs'
import path from 'node:path'
import type { Clock } from '../base/env.ts'
import { parseJson } from '../base/json.ts'
import { errno, readTextSafe } from '../base/read-file.ts'
import { systemWords } from '../base/system-words.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { syncDirectory } from '../base/write-file.ts'
import type { FinalLook } from '../verdict/standing.ts'
import type { NewEvent } from './events.ts'
import { beginRun } from './begin-run.ts'
import { writeEvents } from './ledger-file.ts'
import { type SessionLook, look, runOf } from './look.ts'
import { removeMarker, writeMarker } from './markers.ts'
import type { Hold, LedgerPlace } from './paths.ts'
import { isHeldBy, openRun, provisionalRun } from './state.ts'
import { step } from './step.ts'
import { removeUnjudgedNote, takeUnjudgedNote } from './unjudged-note.ts'

/*
 * What a crash at each arrow leaves, and what the next process makes of it:
 *
 *   start:    ──► marker {started:false} ──► ledger `activated` ──► marker {started:true} ──►
 *    nothing there │  finish: append, mark started │  finish: mark started    │  as it should be
 *
 *   end:      ──► ledger `stop` release (final at once), `finalised`, `closed` ──► marker unlinked ──►
 *    still held │  remove the marker                                          │  as it should be
 *
 *   A provisional release leaves the marker as it is, and so does the agent that goes on after it: one write into the ledger.
 *
 *   shim's disable:  ──► requests/disable-<session> ──► marker unlinked ──► … `closed` ──► request unlinked
 *    nothing said │  close, remove both                │  close             │  remove the request
 *
 *   shim's or guard's note:  ──► requests/unjudged-<session> ──► … renamed ──► `unjudged` ──► unlinked
 *    nobody is told of it     │  rename, append, unlink         │  append …   │  unlink: a note has an id
 *
 * A write into the ledger that was itself cut short is a torn tail: nobody was answered, so it counts as not written.
 */

/** Whether there is anything that a crash, or the shim, left to finish. */
export function needsSettling({ ledger, marker, disable, unjudged }: SessionLook): boolean {
  if (!ledger.ok || !marker.ok) return false
  if (disable || unjudged) return true
  if (!marker.value) return false
  const run = runOf(ledger.value.state, marker.value)
  if (!marker.value.started) return run !== undefined || openRun(ledger.value.state) === undefined
  return run !== undefined && !isHeldBy(ledger.value.state)
}

/**
 * Finishes what was cut short; the caller holds the append lock. What does not hold together is left as it is.
 * Codes: ledger-write, marker-write, marker-stuck.
 */
export function settleLocked(place: LedgerPlace, clock: Clock): Result<void> {
  const { hold } = place
  // Without a hold there is one file only, and a write into it that was cut short counts as not written.
  if (!hold) return ok(undefined)
  for (const act of [finishStart, finishUnjudged, finishDisable, finishEnd]) {
    const now = look(place)
    if (!needsSettling(now)) return ok(undefined)
    const done = act({ ...place, hold }, now, clock)
    if (!done.ok) return done
  }
  return ok(undefined)
}

type Held = LedgerPlace & { readonly hold: Hold }

function finishStart({ ledger, hold }: Held, now: SessionLook): Result<void> {
  if (!now.ledger.ok || !now.marker.ok || !now.marker.value || now.marker.value.started) return ok(undefined)
  const marker = now.marker.value
  if (!runOf(now.ledger.value.state, marker)) {
    if (openRun(now.ledger.value.state)) return ok(undefined)
    const events = beginRun(now.ledger.value.state, marker.activation)
    const written = writeEvents(ledger, now.ledger.value, marker.at, events)
    if (!written.ok) return written
  }
  step('start:after-ledger')
  return system('marker-write', hold.marker, () => writeMarker(hold, { ...marker, started: true }))
}

/** The person let the session go; nobody waits for a look. */
export const letGoUnseen: FinalLook = {
  how: 'prompt',
  looked: 'not-looked',
  changes: null,
  why: 'the person let the session go',
}

function finishDisable({ ledger, hold }: Held, now: SessionLook, clock: Clock): Result<void> {
  if (!now.disable || !now.ledger.ok) return ok(undefined)
  const { state } = now.ledger.value
  const isOpen = openRun(state) !== undefined
  if (isOpen || provisionalRun(state)) {
    const reason = reasonIn(hold.disableRequest)
    const over: NewEvent = isOpen
      ? { type: 'closed', data: { how: 'disabled', by: 'prompt', reason } }
      : { type: 'finalised', data: letGoUnseen }
    const written = writeEvents(ledger, now.ledger.value, clock(), [over])
    if (!written.ok) return written
  }
  step('settle:after-disable')
  return system('request-stuck', hold.disableRequest, () => {
    fs.rmSync(hold.disableRequest, { force: true })
    syncDirectory(path.dirname(hold.disableRequest))
  })
}

/** The shim's second line is the person's reason as a JSON string; null without one. */
function reasonIn(file: string): string | null {
  const text = readTextSafe(file, { maxBytes: 65_536 })
  const line = text.ok ? parseJson(text.value.split('\n')[1] ?? '', file) : text
  return (line.ok && typeof line.value === 'string' && line.value.trim()) || null
}

/** A note that cannot be taken over (a full disk) stays for later: it is no reason to hold anybody. */
function finishUnjudged({ ledger, hold }: Held, now: SessionLook, clock: Clock): Result<void> {
  if (!now.unjudged || !now.ledger.ok) return ok(undefined)
  try {
    const note = takeUnjudgedNote(hold)
    step('settle:after-taking')
    const run = openRun(now.ledger.value.state)
    if (note && run && run.lastUnjudged !== note.id) {
      const event: NewEvent = { type: 'unjudged', data: { why: note.why, payloadSha256: note.id } }
      if (!writeEvents(ledger, now.ledger.value, clock(), [event]).ok) return ok(undefined)
    }
    step('settle:after-unjudged')
    removeUnjudgedNote(hold)
  } catch {
    // The next process tries again.
  }
  return ok(undefined)
}

/** Removes the marker of a run that the ledger says is closed. */
function finishEnd({ hold }: Held, now: SessionLook): Result<void> {
  if (!now.ledger.ok || !now.marker.ok || !now.marker.value) return ok(undefined)
  if (isHeldBy(now.ledger.value.state) || !runOf(now.ledger.value.state, now.marker.value))
    return ok(undefined)
  step('end:before-unmark')
  const removed = removeMarker(hold)
  step('end:after-unmark')
  return removed
}

function system(code: ErrorCode, file: string, act: () => void): Result<void> {
  try {
    act()
    return ok(undefined)
  } catch (error) {
    return fail(code, `${file} could not be changed: ${systemWords(error)}`, {
      data: { errno: errno(error) },
    })
  }
}
