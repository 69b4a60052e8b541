import fs from 'node:fs'
import { type Failure, type Result, err, fail, ok } from '../base/result.ts'
import { type Loaded, loadLedger } from './ledger-file.ts'
import { type Marker, readMarker } from './markers.ts'
import { type LedgerPlace, brokenRecordFix } from './paths.ts'
import { type LedgerState, type RunState, openRun } from './state.ts'
import { hasUnjudgedNote } from './unjudged-note.ts'

/** A record as it lies on the disk, before anybody judged whether its parts fit together. */
export interface SessionLook {
  readonly ledger: Result<Loaded>
  readonly marker: Result<Marker | null>
  /** The shim left word that the person typed `autonomous-loop disable`. */
  readonly disable: boolean
  /** Stops ended without a verdict, and nobody has told the ledger yet. */
  readonly unjudged: boolean
}

export function look({ ledger, hold }: LedgerPlace): SessionLook {
  if (!hold) return { marker: ok(null), ledger: loadLedger(ledger), disable: false, unjudged: false }
  // Marker before ledger: a run that ends between the two reads leaves a marker of a closed run, which is no finding.
  const marker = readMarker(hold)
  const disable = fs.lstatSync(hold.disableRequest, { throwIfNoEntry: false })?.isFile() ?? false
  return { marker, ledger: loadLedger(ledger), disable, unjudged: hasUnjudgedNote(hold) }
}

export interface SessionRecord {
  readonly state: LedgerState
  readonly marker: Marker | null
  /** The last write was cut short; the next append says so in the ledger. */
  readonly torn: boolean
  /** What does not fit and yet leaves the state readable: marker-missing, start-cut-short, unsettled. */
  readonly findings: readonly Failure[]
}

/** Codes: ledger-broken, ledger-missing, marker-unreadable. */
export function assess(
  { ledger, marker, disable }: SessionLook,
  { hold }: LedgerPlace,
): Result<SessionRecord> {
  if (!ledger.ok) return ledger
  if (!marker.ok) return err({ ...marker.error, data: { ...marker.error.data, state: ledger.value.state } })
  const { state } = ledger.value
  const record = { state, marker: marker.value, torn: ledger.value.torn !== null }
  const open = openRun(state)
  const named = marker.value ? runOf(state, marker.value) : undefined

  if (marker.value?.started && !named)
    return fail('ledger-missing', `the ledger does not hold the run that ${hold?.marker} says has started`, {
      fix: brokenRecordFix,
      data: { run_id: marker.value.activation.runId },
    })
  const findings: Failure[] = []
  if (marker.value && !named)
    findings.push({
      code: 'start-cut-short',
      message: 'the start of a run was cut short; the next hook finishes it',
    })
  if (hold && open && named?.runId !== open.runId && !disable)
    findings.push({
      code: 'marker-missing',
      message: `the open run ${open.runId} has no marker: the hooks do not see it`,
      fix: 'a person types the prompt: autonomous-loop resume',
      data: { run_id: open.runId },
    })
  return ok({ ...record, findings })
}

export function runOf(state: LedgerState, marker: Marker): RunState | undefined {
  return state.runs.find((run) => run.runId === marker.activation.runId)
}

/**
 * Looks without a lock while others may write: what looks wrong must look the same twice, since the two files cannot be
 * read in one moment.
 */
export function steadyLook(place: LedgerPlace): SessionLook {
  let before = look(place)
  for (let round = 0; round < 20; round += 1) {
    const assessed = assess(before, place)
    if (assessed.ok && assessed.value.findings.length === 0) return before
    const after = look(place)
    if (JSON.stringify(seen(before)) === JSON.stringify(seen(after))) return after
    before = after
  }
  return before
}

function seen({ ledger, marker, disable }: SessionLook): unknown {
  return [
    ledger.ok ? ledger.value.size : ledger.error,
    marker.ok ? [marker.value?.started, marker.value?.activation.runId] : marker.error,
    disable,
  ]
}
