import { askedFor } from '../contract/evidence-kinds.ts'
import { hashContract } from '../contract/hash.ts'
import type { Contract } from '../contract/types.ts'
import type { RunStatus } from '../verdict/standing.ts'
import { type EventView, viewEvent } from './events-view.ts'
import { type ProvedBy, proofs, taskMet } from '../verdict/proof.ts'
import { provedWords } from '../verdict/words/evidence.ts'
import { releaseWords } from '../verdict/words/release.ts'
import { causeWords } from '../verdict/words/summary.ts'
import type { CommandRecord } from '../gates/command-record.ts'
import type { Origin } from '../ledger/events.ts'
import { type Explanation, explainAll } from './explain.ts'
import type { Integrity, RunHistory } from './history.ts'
import { stateMeaning } from './next-step.ts'
import { type ReportSummary, summaryOf } from './report-summary.ts'
import { type MeasuredBefore, nothingMeasured } from '../records/measured-before.ts'
import { type VerifiedPlaces, verifiedPlaces } from './verified.ts'
import type { Unproved } from '../verdict/unproved.ts'

/** Everything a page about one run shows; plain data, only from the ledger. Times in ms. */
export interface Report {
  readonly runId: string
  readonly origin: Origin
  readonly repoRoot: string
  readonly state: RunStatus
  readonly meaning: string
  readonly cause: string | null
  /** Of a released run: what its release waits for, or how it became final; null where there is nothing to say. */
  readonly release: string | null
  readonly summary: ReportSummary
  /** The one thing to do; null when there is nothing, and for an attempt, which nobody steers. */
  readonly next: string | null
  readonly startedAt: number
  /** Of the last event. */
  readonly endedAt: number
  readonly contract: Contract
  readonly contractHash: string
  readonly tasks: readonly {
    readonly id: string
    readonly title: string
    readonly required: boolean
    readonly dependsOn: readonly string[]
    /** As of the last stop; null while a piece of it was not looked at. */
    readonly met: boolean | null
    readonly evidence: readonly {
      readonly asked: string
      /** The command that is to prove it; null for what is looked at. */
      readonly gate: string | null
      readonly met: boolean | null
      readonly by: ProvedBy
      /** What proved it, or did not, in words. */
      readonly words: string
    }[]
  }[]
  /** Commands that the contract's profiles or tasks name, or that were run. */
  readonly gates: readonly {
    readonly name: string
    /** Empty where the approved config has no such command. */
    readonly argv: readonly string[]
    /** Ids of the tasks that rest on it. */
    readonly proves: readonly string[]
    /** Number of the last stop that ran it, and what became of it there. */
    readonly last: { readonly stop: number; readonly command: CommandRecord } | null
  }[]
  /** Sources that were broken in a copy when the gates were measured, and no gate noticed. */
  readonly unnoticed: readonly string[]
  /** What the start's gates do not prove of the work, as the last stop has it; null when they prove all. */
  readonly unproved: Unproved | null
  /** Where the gates have to pass that the release needs. */
  readonly verified: VerifiedPlaces
  readonly baseline: 'own' | 'agent-reported'
  readonly timeline: readonly EventView[]
  readonly stops: readonly Explanation[]
  readonly integrity: Integrity
}

/** Pure. `next`, the one thing to do, and `measured` are what the machine knows and the ledger does not. */
export function buildReport(
  history: RunHistory,
  next: string | null,
  measured: MeasuredBefore = nothingMeasured,
): Report {
  const { run, events, integrity } = history
  const { activation, contract } = run
  const all = proofs(contract, run.lastStop)
  return {
    runId: run.runId,
    origin: activation.origin,
    repoRoot: activation.repoRoot,
    state: run.status,
    meaning: stateMeaning(run.status),
    cause: causeWords(run),
    release: run.status === 'released' ? releaseWords(run.release) : null,
    summary: summaryOf(events, run.heartbeatAt),
    next,
    startedAt: run.createdAt,
    endedAt: run.heartbeatAt,
    contract,
    contractHash: hashContract(contract),
    tasks: contract.tasks.map((task) => {
      const own = all.filter((one) => one.taskId === task.id)
      return {
        id: task.id,
        title: task.title,
        required: task.required,
        dependsOn: task.dependsOn,
        met: taskMet(own),
        evidence: own.map(({ evidence, met, by }) => ({
          asked: askedFor(evidence),
          gate: evidence.kind === 'commandRef' ? evidence.name : null,
          met,
          by,
          words: provedWords(evidence, by),
        })),
      }
    }),
    gates: gatesOf(history),
    unnoticed: measured.unnoticed,
    unproved: run.lastStop?.unproved ?? null,
    verified: verifiedPlaces({ contract, config: activation.config }, measured),
    baseline: activation.baselineLabel,
    timeline: events.map(viewEvent),
    stops: explainAll(history),
    integrity,
  }
}

function gatesOf({ run, events }: RunHistory): Report['gates'] {
  const { contract, activation } = run
  const { config } = activation
  const refers = (name: string) =>
    contract.tasks.filter((task) =>
      task.evidence.some((one) => one.kind === 'commandRef' && one.name === name),
    )
  const ran = events.flatMap((event) =>
    event.type === 'stop' ? event.data.commands.map((command) => ({ stop: event.data.stop, command })) : [],
  )
  const profiles = [config?.defaults.finalGateProfile ?? 'final', contract.gateProfile]
  const names = new Set([
    ...profiles.flatMap((profile) => config?.gateProfiles[profile] ?? []),
    ...contract.tasks.flatMap((task) =>
      task.evidence.flatMap((one) => (one.kind === 'commandRef' ? [one.name] : [])),
    ),
    ...ran.map((one) => one.command.name),
  ])
  return [...names].map((name) => {
    const last = ran.findLast((one) => one.command.name === name) ?? null
    return {
      name,
      argv: config?.commands[name]?.argv ?? last?.command.argv ?? [],
      proves: refers(name).map((task) => task.id),
      last,
    }
  })
}
