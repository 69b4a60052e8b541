import { hashContract } from '../contract/hash.ts'
import type { Contract } from '../contract/types.ts'
import type { RunStatus } from '../ledger/state.ts'
import { type EventView, viewEvent } from './events-view.ts'
import { type Explanation, askedFor, explainAll } from './explain.ts'
import type { Integrity, RunHistory } from './history.ts'
import { stateMeaning } from './next-step.ts'

/** Everything a page about one run shows; plain data, only from the ledger. Times in ms. */
export interface Report {
  readonly runId: string
  readonly sessionId: string
  readonly repoRoot: string
  readonly state: RunStatus
  readonly meaning: string
  readonly cause: string | null
  readonly armedBy: string
  readonly mode: string
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
    readonly asked: readonly string[]
    /** As of the last stop; null before one. */
    readonly met: boolean | null
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
  const last = run.lastStop
  const { config } = activation
  const names = new Set(
    [config?.defaults.finalGateProfile ?? 'final', contract.gateProfile].flatMap(
      (profile) => config?.gateProfiles[profile] ?? [],
    ),
  )
  return {
    runId: run.runId,
    sessionId: activation.sessionId,
    repoRoot: activation.repoRoot,
    state: run.status,
    meaning: stateMeaning(run.status),
    cause: run.haltCause ?? run.parkCause ?? run.closed?.reason ?? null,
    armedBy: activation.armedBy,
    mode: activation.activationMode,
    startedAt: run.createdAt,
    endedAt: run.heartbeatAt,
    contract,
    contractHash: hashContract(contract),
    tasks: contract.tasks.map((task) => {
      const facts = last?.evidence.filter((one) => one.taskId === task.id) ?? []
      return {
        id: task.id,
        title: task.title,
        required: task.required,
        dependsOn: task.dependsOn,
        asked: task.evidence.map(askedFor),
        met: facts.length === 0 ? null : facts.every((one) => one.met),
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
