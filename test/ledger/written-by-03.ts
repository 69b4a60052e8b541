import fs from 'node:fs'
import type { Sha256 } from '../../src/base/hash.ts'
import { loadBaseline, saveBaseline } from '../../src/evidence/baseline-file.ts'
import type { GitBaseline } from '../../src/evidence/types.ts'
import { encodeEvents, beginning, type Position } from '../../src/ledger/chain.ts'
import type { Activation, LedgerEvent, NewEvent, StopRecord } from '../../src/ledger/events.ts'
import type { SessionPaths } from '../../src/ledger/paths.ts'
import { processKey } from '../../src/verdict/blockers.ts'
import { failedGates } from '../../src/verdict/judgement.ts'

/** Makes a session's ledger, marker and baselines what 0.3.0 would have written of the same events. */
export function writeAs03(paths: SessionPaths, given: readonly LedgerEvent[]): void {
  const events = given.map((event) =>
    event.type === 'activated'
      ? {
          ...event,
          data: { ...event.data, baselines: event.data.baselines.map((sha) => oldBaseline(paths.dir, sha)) },
        }
      : event,
  )
  let at: Position = beginning
  let bytes = Buffer.alloc(0)
  for (const event of events) {
    const old = { type: event.type, data: oldData(event) } as unknown as NewEvent
    const encoded = encodeEvents(at, null, event.at, [old])
    const [one] = encoded.events
    bytes = Buffer.concat([bytes, encoded.bytes])
    at = { bytes: bytes.length, seq: at.seq + 1, head: one?.hash ?? '', ended: true }
  }
  fs.writeFileSync(paths.ledger, bytes)
  const marker = JSON.parse(fs.readFileSync(paths.marker, 'utf8')) as { activation: Partial<Activation> }
  // Written so before: nothing has replaced it since.
  if (marker.activation.origin === undefined) return
  fs.writeFileSync(
    paths.marker,
    JSON.stringify({ ...marker, activation: oldActivation(marker.activation as Activation) }),
  )
}

/** The name of one that lacks what came later. */
function oldBaseline(dir: string, sha: Sha256): Sha256 {
  const loaded = loadBaseline(dir, sha)
  if (!loaded.ok) throw new Error(loaded.error.message)
  if (loaded.value.kind === 'plain') return sha
  const { kind, commit, format, settings, entries, named, sparse, ignores, ignored, nested, index } =
    loaded.value
  const old = { kind, commit, format, settings, entries, named, sparse, ignores, ignored, nested, index }
  return saveBaseline(dir, old as GitBaseline)
}

function oldData(event: LedgerEvent): unknown {
  if (event.type === 'activated') return oldActivation(event.data)
  return event.type === 'stop' ? oldStop(event.data) : event.data
}

export function oldActivation({ origin, ...rest }: Activation): object {
  if (origin.kind !== 'session') throw new Error('0.3.0 knew sessions only')
  return { ...rest, sessionId: origin.sessionId, activationMode: origin.mode, armedBy: origin.armedBy }
}

export function oldStop(stop: StopRecord): object {
  const { session, delivered } = stop
  const named = stop.blockers.flatMap((one) => (one.kind === 'background' ? one.processes : []))
  return {
    stop: stop.stop,
    payloadSha256: delivered?.payloadSha256,
    verdict: stop.verdict,
    outstandingTaskIds: stop.outstandingTaskIds,
    evidence: stop.evidence.map(({ taskId, index, met }) => ({
      taskId,
      index,
      met,
      detail: 'as it was said',
    })),
    plan: session?.plan,
    commands: stop.commands.map(({ cause: _cause, signal: _signal, why, fix: _fix, ...command }) => ({
      ...command,
      detail: why ?? command.outcome,
    })),
    failedGates: failedGates(stop),
    signature: stop.signature,
    workspace: stop.workspace,
    answer: delivered?.answer,
    reason: delivered?.reason,
    durationMs: stop.durationMs,
    ...(stop.verdict === 'park' ? { parkCause: stop.park.kind } : {}),
    ...(stop.verdict === 'halt' ? { haltCause: 'a limit' } : {}),
    ...(stop.leftByGates ? { leftByGates: stop.leftByGates } : {}),
    notices: [
      ...named.map((process) => `background:${processKey(process)}`),
      ...(stop.drift ? [`definition:${stop.drift.digest}`] : []),
    ],
  }
}
