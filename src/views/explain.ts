import type { Sha256 } from '../base/hash.ts'
import { type Result, fail, ok } from '../base/result.ts'
import type { Channel, LedgerEvent, StopRecord } from '../ledger/events.ts'
import { fold } from '../ledger/fold.ts'
import { type ProvedBy, proofs } from '../verdict/proof.ts'
import { because } from '../verdict/words/because.ts'
import { askedFor } from '../contract/evidence-kinds.ts'
import { acceptedLines } from '../verdict/words/scope.ts'
import { type ChangedSince, type FinalLook, isOpen } from '../verdict/standing.ts'
import { provedWords } from '../verdict/words/evidence.ts'
import type { RunHistory } from './history.ts'

/** One piece of evidence as it stood at a stop. */
export interface EvidenceLook {
  readonly taskId: string
  readonly title: string
  readonly required: boolean
  /** What was asked for, such as `pathChanged src/**`. */
  readonly asked: string
  /** Null when nobody looked. */
  readonly met: boolean | null
  readonly by: ProvedBy
  /** What proved it, or did not, in words. */
  readonly words: string
}

/** A verdict, taken apart: only what the ledger recorded, nothing looked at anew. */
export interface Explanation {
  /** ms */
  readonly at: number
  readonly judgement: StopRecord
  /** Why this answer and no other; each a sentence. */
  readonly because: readonly string[]
  /** Blocked stops so far, this one included, and how many may be. */
  readonly used: number
  readonly allowed: number
  readonly evidence: readonly EvidenceLook[]
  /** Where the definition had changed, or something differed out of scope: what became of that. */
  readonly drift: DriftSince | null
  readonly record: { readonly seq: number; readonly hash: string }
  /** Stops since then, before the next verdict, that could not be judged: their turns were ended as "failed closed". */
  readonly unjudgedSince: readonly UnjudgedStop[]
  /** What became of a release before the next verdict; null of other verdicts, and while it is provisional. */
  readonly releaseSince: ReleaseSince | null
}

export type ReleaseSince =
  /** ms */
  | { readonly kind: 'reopened'; readonly at: number; readonly changes: ChangedSince | null }
  | { readonly kind: 'final'; readonly at: number; readonly look: FinalLook }

export type DriftSince =
  /** It is the question still: nothing was judged since, and the run is open. */
  | { readonly kind: 'open'; readonly digest: Sha256 }
  /** ms; by whom */
  | { readonly kind: 'accepted'; readonly at: number; readonly by: Channel }
  | { readonly kind: 'past' }

export interface UnjudgedStop {
  /** ms */
  readonly at: number
  readonly why: string
}

type StopEvent = Extract<LedgerEvent, { type: 'stop' }>

/** The explanation of one judged stop, the last one when `number` is null. Pure. Codes: no-stop. */
export function explain(history: RunHistory, number: number | null): Result<Explanation> {
  const stops = stopsOf(history)
  const wanted = number === null ? stops.at(-1) : stops.find((event) => event.data.stop === number)
  if (wanted) return ok(explainOne(history, wanted))
  const run = history.run.runId.slice(0, 12)
  const last = stops.at(-1)?.data.stop
  const failed = unjudgedAfter(history, 0).at(-1)
  return last === undefined
    ? fail(
        'no-stop',
        `no stop of run ${run} was judged yet${failed ? `; the last one could not be: ${failed.why}` : ''}`,
        { fix: 'autonomous-loop check' },
      )
    : fail('no-stop', `run ${run} has no stop ${number}; it has 1 to ${last}`, {
        fix: `autonomous-loop explain --stop ${last}`,
      })
}

/** Every judged stop, oldest first. Pure. */
export function explainAll(history: RunHistory): readonly Explanation[] {
  return stopsOf(history).map((event) => explainOne(history, event))
}

function stopsOf({ events }: RunHistory): readonly StopEvent[] {
  return events.filter((event): event is StopEvent => event.type === 'stop')
}

/** Those after this record and before the next verdict. */
function unjudgedAfter(history: RunHistory, seq: number): readonly UnjudgedStop[] {
  const next = stopsOf(history).find((event) => event.seq > seq)?.seq ?? Infinity
  return history.events.flatMap((event) =>
    event.type === 'unjudged' && event.seq > seq && event.seq < next
      ? [{ at: event.at, why: event.data.why }]
      : [],
  )
}

function releaseAfter(history: RunHistory, seq: number): ReleaseSince | null {
  const after = history.events.filter((event) => event.seq > seq)
  for (const { type, at, data } of after) {
    if (type === 'stop') return null
    if (type === 'reopened') return { kind: 'reopened', at, changes: data.changes }
    if (type === 'finalised') return { kind: 'final', at, look: data }
  }
  return null
}

function explainOne(history: RunHistory, event: StopEvent): Explanation {
  const { run, events } = history
  // The contract as it was then: tasks may have come since.
  const before = fold(events.filter((one) => one.seq < event.seq)).runs[0] ?? run
  const { contract } = before
  const judgement = event.data
  const blocked = judgement.verdict === 'block' || judgement.verdict === 'halt'
  const titles = new Map(contract.tasks.map((task) => [task.id, task.title]))
  return {
    at: event.at,
    judgement,
    because: [
      ...because(judgement, contract),
      ...(judgement.verdict === 'release' ? acceptedLines(before.accepted) : []),
    ],
    used: before.iteration + (blocked ? 1 : 0),
    allowed: contract.limits.maxStopIterations,
    evidence: proofs(contract, judgement).map(({ taskId, required, evidence, met, by }) => ({
      taskId,
      title: titles.get(taskId) ?? '',
      required,
      asked: askedFor(evidence),
      met,
      by,
      words: provedWords(evidence, by),
    })),
    drift: driftSince(history, event),
    record: { seq: event.seq, hash: event.hash },
    unjudgedSince: unjudgedAfter(history, event.seq),
    releaseSince: judgement.verdict === 'release' ? releaseAfter(history, event.seq) : null,
  }
}

function driftSince({ run, events }: RunHistory, { seq, data }: StopEvent): DriftSince | null {
  const asked = data.drift ?? data.blockers.find((one) => one.kind === 'out-of-scope')
  if (!asked) return null
  const since = events.filter((event) => event.seq > seq)
  for (const event of since)
    if (event.type === 'amended' && event.data.digest === asked.digest)
      return { kind: 'accepted', at: event.at, by: event.data.by }
  const over = !isOpen(run) || since.some((event) => event.type === 'stop' || event.type === 'amended')
  return over ? { kind: 'past' } : { kind: 'open', digest: asked.digest }
}
