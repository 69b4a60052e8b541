import { askedFor } from '../contract/evidence-kinds.ts'
import { hashContract } from '../contract/hash.ts'
import type { Contract } from '../contract/types.ts'
import type { RunStatus } from '../verdict/standing.ts'
import { type EventView, viewEvent } from './events-view.ts'
import { type ProvedBy, proofs, taskMet } from '../verdict/proof.ts'
import { provedWords } from '../verdict/words/evidence.ts'
import { causeWords } from '../verdict/words/summary.ts'
import type { Origin } from '../ledger/events.ts'
import { type Explanation, explainAll } from './explain.ts'
import type { Integrity, RunHistory } from './history.ts'
import { stateMeaning } from './next-step.ts'

/** Everything a page about one run shows; plain data, only from the ledger. Times in ms. */
export interface Report {
  readonly runId: string
  readonly origin: Origin
  readonly repoRoot: string
  readonly state: RunStatus
  readonly meaning: string
  readonly cause: string | null
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
      readonly met: boolean | null
      readonly by: ProvedBy
      /** What proved it, or did not, in words. */
      readonly words: string
    }[]
  }[]
  /** Commands of the approved config that the contract's profiles name. */
  readonly gates: readonly { readonly name: string; readonly argv: readonly string[] }[]
  readonly baseline: 'own' | 'agent-reported'
  readonly timeline: readonly EventView[]
  readonly stops: readonly Explanation[]
  readonly integrity: Integrity
}

/** Pure. */
export function buildReport(history: RunHistory): Report {
  const { run, events, integrity } = history
  const { activation, contract } = run
  const all = proofs(contract, run.lastStop)
  const { config } = activation
  const names = new Set(
    [config?.defaults.finalGateProfile ?? 'final', contract.gateProfile].flatMap(
      (profile) => config?.gateProfiles[profile] ?? [],
    ),
  )
  return {
    runId: run.runId,
    origin: activation.origin,
    repoRoot: activation.repoRoot,
    state: run.status,
    meaning: stateMeaning(run.status),
    cause: causeWords(run),
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
          met,
          by,
          words: provedWords(evidence, by),
        })),
      }
    }),
    gates: Object.values(config?.commands ?? {})
      .filter((command) => names.has(command.name))
      .map(({ name, argv }) => ({ name, argv })),
    baseline: activation.baselineLabel,
    timeline: events.map(viewEvent),
    stops: explainAll(history),
    integrity,
  }
}
