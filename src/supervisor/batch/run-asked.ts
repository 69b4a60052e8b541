import { type Result, fail, ok } from '../../base/result.ts'
import type { SupervisorSettings } from '../../contract/supervisor/settings.ts'
import type { PublishedHead } from '../effects/publish.ts'
import type { BatchEvent, FrozenItem, Rest } from '../record/events.ts'
import type { BatchState } from '../record/state.ts'
import type { HookEnded } from '../tell/hook-journal.ts'
import type { TypedTask } from './typed-item.ts'
import type { Signals, World } from '../world.ts'

/** What one call of `run` asks for. */
export interface RunAsked {
  readonly iterations: number | null
  /** Milliseconds since the epoch. */
  readonly until: number | null
  readonly jobs: number | null
  /** Numbers of items: only they are begun, and what they wait for; empty: all. */
  readonly items: readonly string[]
  /** Opens a new batch where none is open. */
  readonly isNew: boolean
  readonly retryParked: boolean
  /** Goes on as the call before was asked, whose process is gone: what is left of its attempts and its time. */
  readonly isRestart: boolean
  /** In place of the backlog: a new batch of this one item; null: the backlog. */
  readonly task: TypedTask | null
  /** Waits for more to do where a batch is completed or parked; `cycles`: how often it works at most, null: no limit. */
  readonly continuous: { readonly everyMs: number; readonly cycles: number | null } | null
  /** Over what the config says; null: as it says. */
  readonly onQuota: SupervisorSettings['onQuota'] | null
  /** A person agreed in this call that the next agent goes on where a quota is used up: it may be another account that pays. */
  readonly mayBill: boolean
  /** The repository was moved, and is the same one. */
  readonly adopt: boolean
  /** What a new batch works towards, accepted by a person; null: the backlog. */
  readonly goal: FrozenItem | null
}

export interface RunIo {
  readonly version: string
  readonly seen: (event: BatchEvent) => void
  /** The first signal, and the second. */
  readonly ending: AbortSignal
  readonly killing: AbortSignal
  /** What the first signal does. */
  readonly end: () => void
  readonly watch: World['watch']
  /** Told when the call waits for more to do. */
  readonly waits: () => void
  /** Told how each hook for people ended. */
  readonly hookEnded: (ended: HookEnded) => void
  /** Told when there is something that `notify` tells of; never waited for. */
  readonly notify: (batch: string) => void
}

export interface RunEnded {
  readonly batch: string
  readonly state: BatchState
  readonly rest: Rest
  /** Null where nothing was done. */
  readonly published: PublishedHead | null
}

/** What the signals of a call end. */
export function signalsOf({ ending, killing }: RunIo): Signals {
  return { gates: ending, endAgents: ending, killAgents: killing }
}

/** The settings as one call goes by them. Code: quota-next. Pure. */
export function settingsFor(
  settings: SupervisorSettings,
  { jobs, onQuota, mayBill }: Pick<RunAsked, 'jobs' | 'onQuota' | 'mayBill'>,
): Result<SupervisorSettings> {
  if (onQuota === 'next' && settings.onQuota !== 'next' && !mayBill)
    return fail(
      'quota-next',
      'with --on-quota next another account may pay, and no person has agreed to that',
      {
        fix: '"onQuota": "next" in the config, and then: autonomous-loop allow',
      },
    )
  return ok({ ...settings, jobs: jobs ?? settings.jobs, onQuota: onQuota ?? settings.onQuota })
}
