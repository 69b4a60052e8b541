import type { Clock } from '../base/env.ts'
import { canonicalJson } from '../base/hash.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { dropCheckpoint } from './checkpoint.ts'
import type { LedgerEvent, NewEvent } from './events.ts'
import { type Loaded, keepCheckpoint, loadLedger, writeEvents } from './ledger-file.ts'
import { withLockSync } from './lock.ts'
import { type SessionRecord, assess, look, steadyLook } from './look.ts'
import { removeMarker } from './markers.ts'
import { type LedgerPlace, sessionPaths } from './paths.ts'
import { settleLocked } from './settle.ts'
import { type LedgerState, isHeldBy } from './state.ts'
import { step } from './step.ts'

/** The append lock is held for milliseconds; a holder that lives and does not let go for this long hangs. */
export const appendWaitMs = 10_000

/**
 * A session as its files tell it, read without a lock and without changing anything. A session without files is an empty
 * one. Codes: ledger-broken (data: seq, why), ledger-missing, marker-unreadable (data: state).
 */
export function readSession(home: string, sessionId: string): Result<SessionRecord> {
  return readRecord(sessionPaths(home, sessionId))
}

/** The same for any ledger. */
export function readRecord(place: LedgerPlace): Result<SessionRecord> {
  return assess(steadyLook(place), place)
}

export interface Appended {
  readonly state: LedgerState
  /** As they stand in the ledger; a `repaired` event may come first. Empty when `decide` wanted nothing. */
  readonly appended: readonly LedgerEvent[]
}

/**
 * The only way into a ledger. Under the append lock: finishes what was cut short (also a `disable` the shim left), reads
 * and folds anew, asks `decide` with that fresh state, writes its events in one write and fsyncs. Each event must make
 * sense without those after it, since a crash may keep the first ones only. When the last run is closed afterwards, its
 * marker goes too. `decide` is synchronous and short; its failure is passed on and nothing is written.
 * Codes: ledger-broken, ledger-missing, ledger-write, checkpoint-wrong, lock-busy, lock-io, and those of `decide`.
 */
export function append(
  place: LedgerPlace,
  clock: Clock,
  decide: (state: LedgerState) => Result<readonly NewEvent[]>,
): Result<Appended> {
  return withLockSync(place.appendLock, { waitMs: appendWaitMs }, () => {
    step('append:locked')
    const settled = settleLocked(place, clock)
    if (!settled.ok) return settled
    return appendLocked(place, clock, decide)
  })
}

/** As append, for a caller that holds the lock and has settled. */
export function appendLocked(
  place: LedgerPlace,
  clock: Clock,
  decide: (state: LedgerState) => Result<readonly NewEvent[]>,
): Result<Appended> {
  const now = look(place)
  if (!now.ledger.ok) return now.ledger
  const record = assess(now, place)
  // A marker that cannot be read does not keep a person from closing the run that the ledger holds.
  if (!record.ok && record.error.code !== 'marker-unreadable') return record
  const before = now.ledger.value
  const wanted = decide(before.state)
  if (!wanted.ok) return wanted
  if (wanted.value.length === 0) return ok({ state: before.state, appended: [] })
  const holds = wanted.value.some(releases) ? verifyWhole(place, before) : ok(undefined)
  if (!holds.ok) return holds
  const written = writeEvents(place.ledger, before, clock(), wanted.value)
  if (!written.ok) return written
  const { state, events } = written.value
  keepCheckpoint(place.ledger, before)
  if (place.hold && isHeldBy(before.state) && !isHeldBy(state)) {
    step('end:before-unmark')
    // The run is closed whether or not this works; what stays is removed by the next process.
    removeMarker(place.hold)
    step('end:after-unmark')
  }
  return ok({ state, appended: events })
}

function releases(event: NewEvent): boolean {
  return event.type === 'stop' && event.data.verdict === 'release'
}

/** No release rests on a checkpoint: what it said must be what the whole ledger says. A wrong one is removed, so the next try holds. */
function verifyWhole({ ledger }: LedgerPlace, before: Loaded): Result<void> {
  if (before.checkpointed === 0) return ok(undefined)
  const whole = loadLedger(ledger, 'whole')
  if (!whole.ok) return whole
  if (canonicalJson(whole.value.state) === canonicalJson(before.state)) return ok(undefined)
  dropCheckpoint(ledger)
  return fail('checkpoint-wrong', 'the checkpoint did not hold what the ledger says; it was removed', {
    fix: 'stop again: the ledger itself is read then',
  })
}
