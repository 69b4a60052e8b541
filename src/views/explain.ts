import { type Result, fail, never, ok } from '../base/result.ts'
import type { Contract, Evidence } from '../contract/types.ts'
import type { LedgerEvent, StopRecord } from '../ledger/events.ts'
import { fold } from '../ledger/fold.ts'
import type { RunHistory } from './history.ts'

/** One piece of evidence as it stood at a stop. */
export interface EvidenceLook {
  readonly taskId: string
  readonly title: string
  readonly required: boolean
  /** What was asked for, such as `pathChanged src/**`. */
  readonly asked: string
  readonly met: boolean
  readonly found: string
}

/** A verdict, taken apart: only what the ledger recorded, nothing looked at anew. */
export interface Explanation {
  /** Number of the stop in its run. */
  readonly stop: number
  readonly at: number
  readonly verdict: StopRecord['verdict']
  /** Why this answer and no other; each a sentence. */
  readonly because: readonly string[]
  /** Blocked stops so far, this one included, and how many may be. */
  readonly used: number
  readonly allowed: number
  readonly evidence: readonly EvidenceLook[]
  readonly plan: StopRecord['plan']
  readonly commands: StopRecord['commands']
  readonly durationMs: number
  /** The words the agent or the person got. */
  readonly answered: string
  readonly record: { readonly seq: number; readonly hash: string }
  /** Stops since then, before the next verdict, that could not be judged: their turns were ended as "failed closed". */
  readonly unjudgedSince: readonly UnjudgedStop[]
}

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

function explainOne(history: RunHistory, event: StopEvent): Explanation {
  const { run, events } = history
  // The contract as it was then: tasks may have come since.
  const before = fold(events.filter((one) => one.seq < event.seq)).runs[0] ?? run
  const { contract } = before
  const stop = event.data
  const blocked = stop.verdict === 'block' || stop.verdict === 'halt'
  return {
    stop: stop.stop,
    at: event.at,
    verdict: stop.verdict,
    because: reasons(stop, contract),
    used: before.iteration + (blocked ? 1 : 0),
    allowed: contract.limits.maxStopIterations,
    evidence: stop.evidence.map((one) => {
      const task = contract.tasks.find((candidate) => candidate.id === one.taskId)
      const evidence = task?.evidence[one.index]
      const asked = evidence ? askedFor(evidence) : ''
      return {
        taskId: one.taskId,
        title: task?.title ?? '',
        required: task?.required ?? true,
        asked,
        met: one.met,
        // A fact repeats what was asked for, which stands beside it here.
        found: one.detail.startsWith(`${asked}: `) ? one.detail.slice(asked.length + 2) : one.detail,
      }
    }),
    plan: stop.plan,
    commands: stop.commands,
    durationMs: stop.durationMs,
    answered: stop.reason,
    record: { seq: event.seq, hash: event.hash },
    unjudgedSince: unjudgedAfter(history, event.seq),
  }
}

/** Evidence as one would say it: `pathChanged src/**`. */
export function askedFor(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'commandRef':
      return `commandRef ${evidence.name}`
    case 'fileMatches':
      return `fileMatches ${evidence.path} ${evidence.absent === true ? 'without ' : ''}/${evidence.pattern}/`
    case 'pathExists':
    case 'pathAbsent':
    case 'pathChanged':
    case 'pathUnchanged': {
      const min =
        evidence.kind === 'pathExists' && evidence.min !== undefined ? ` (at least ${evidence.min})` : ''
      return `${evidence.kind} ${evidence.path ?? evidence.glob ?? ''}${min}`
    }
    default:
      return never(evidence, 'kind of evidence')
  }
}

function reasons(stop: StopRecord, contract: Contract): string[] {
  const required = new Set(contract.tasks.filter((task) => task.required).map((task) => task.id))
  const unmet = stop.evidence.filter((one) => !one.met && required.has(one.taskId))
  const failed = stop.commands.filter((one) => one.outcome === 'failed').map((one) => one.name)
  const stuck = stop.commands.filter((one) => one.outcome === 'could-not-run').map((one) => one.name)
  const missing = [
    ...(unmet.length > 0
      ? [`Evidence was missing for ${[...new Set(unmet.map((one) => one.taskId))].join(', ')}.`]
      : []),
    ...(stop.plan.state === 'incomplete'
      ? [
          `The plan had ${stop.plan.open.length === 1 ? 'an open step' : `${stop.plan.open.length} open steps`}.`,
        ]
      : []),
    ...(failed.length > 0 ? [`${failed.join(', ')} failed.`] : []),
    ...(stuck.length > 0 ? [`${stuck.join(', ')} could not run, which is nobody's work.`] : []),
  ]
  switch (stop.verdict) {
    case 'release':
      return [
        'Every required piece of evidence was there.',
        ...(stop.plan.state === 'complete' ? ['The plan had no open step.'] : []),
        stop.commands.length > 0
          ? `Every gate passed: ${stop.commands.map((one) => one.name).join(', ')}.`
          : 'The approved config asks for no gate.',
      ]
    case 'park':
      return [parkReason(stop), ...missing]
    case 'halt':
      return [stop.haltCause ?? 'A limit was reached.', ...missing]
    case 'block': {
      const cheap = unmet.length > 0 || stop.plan.state === 'incomplete'
      return [
        // A change of the gates, processes, sub-agents or files that moved: recorded in the words only.
        ...(missing.length > 0 && !definitionChanged(stop) ? missing : said(stop)),
        ...(cheap
          ? ['The release gates were not run: something that is cheaper to look at was missing already.']
          : []),
      ]
    }
    default:
      return never(stop.verdict, 'verdict')
  }
}

function parkReason(stop: StopRecord): string {
  const cause = stop.parkCause ?? 'unknown'
  if (cause.startsWith('wait')) return `The agent asked for a person: ${cause.replace(/^wait:?\s*/, '')}`
  if (cause === 'definition') return 'What the gates mean was changed, and nobody has accepted that.'
  if (cause === 'could-not-run') return 'The same gate could not run twice in a row.'
  return cause
}

/** The words alone do not tell: they hold what gates printed. */
function definitionChanged({ notices }: StopRecord): boolean {
  return notices.some((notice) => notice.startsWith('definition:'))
}

/** The list in the words that were said. */
function said(stop: StopRecord): string[] {
  const { reason, commands } = stop
  const items = reason.split('\n').filter((line) => line.startsWith('- '))
  if (definitionChanged(stop))
    return [
      commands.length === 0
        ? 'What the gates mean was changed, so nothing was run.'
        : 'What the gates mean was changed while they ran.',
      ...items.map((line) => line.slice(2)),
    ]
  return items.length > 0 ? items.map((line) => line.slice(2)) : [reason.split('\n')[0] ?? '']
}
