import type { Agent, RunningAgent } from '../agents/agent.ts'
import type { Item } from '../backlog/item.ts'
import type { SupervisorSettings } from '../contract/supervisor/settings.ts'
import type { ProjectConfig } from '../contract/types.ts'
import type { Watch } from '../judging/watch.ts'
import type { Context } from '../records/context.ts'
import type { OwnRepository } from '../workspace/trees/types.ts'
import type { BatchLedger } from './record/batch-ledger.ts'
import type { BatchOpened } from './record/events.ts'
import type { Spent } from './record/state.ts'
import type { BatchPaths, RepoPaths } from './batch/paths.ts'

/** Everything that effects of one batch work with. */
export interface World {
  readonly context: Context
  readonly own: OwnRepository
  readonly opened: BatchOpened
  /** As frozen, with every gate in the clean room; see `batchConfig`. */
  readonly config: ProjectConfig
  readonly settings: SupervisorSettings
  readonly item: (id: string) => Item
  readonly repo: RepoPaths
  readonly batch: BatchPaths
  readonly ledger: BatchLedger
  readonly agents: ReadonlyMap<string, Agent>
  /** Those at work, by the fence of their attempt. */
  readonly atWork: Map<number, Pick<RunningAgent, 'stop'>>
  /** What they used up in this turn that is not on record, by the same. */
  readonly spending: Map<number, Spending>
  readonly signals: Signals
  readonly watch: Watch
  /** Hooks for people. `started`: once the agent of the attempt with this fence may begin. */
  readonly hooks: { readonly started: (fence: number) => Promise<void> }
}

/** A turn that runs, as far as limits go. */
export interface Spending {
  /** So far. */
  readonly spent: () => Spent
  /** Looks whether a limit is reached. */
  readonly look: () => void
  /** The turn has ended. */
  readonly closed: Promise<void>
}

/** What ends what runs. */
export interface Signals {
  /** Gates; what they judged is judged again. */
  readonly gates: AbortSignal
  /** Agents are told to end, and their work is kept. */
  readonly endAgents: AbortSignal
  /** They end at once. */
  readonly killAgents: AbortSignal
}

/** What a look at a commit of ours needs, also before there is a batch. */
export type Ground = Pick<
  World,
  'context' | 'own' | 'opened' | 'config' | 'repo' | 'batch' | 'watch' | 'signals'
>
