import type { FrozenItem } from './events.ts'
import { newGoal } from './goal-state.ts'
import type { BatchState, ItemState } from './state.ts'

/** An item nobody has worked on. */
export function newItem(frozen: FrozenItem): ItemState {
  return {
    frozen,
    standing: { kind: 'open' },
    attempts: 0,
    counted: 0,
    spawns: 0,
    spent: { tokens: 0, ms: 0 },
    spentBefore: { tokens: 0, ms: 0 },
    stuck: 0,
    conflicts: 0,
    edited: undefined,
    looked: null,
    worktree: null,
    failures: [],
    goal: frozen.goal === undefined ? null : newGoal,
  }
}

/** An attempt at it that is open stands still. */
export function parked(state: BatchState, item: string, code: ItemParked['code'], why?: string): BatchState {
  const fence = fenceOf(state.items.get(item)?.standing)
  const now = standing(state, item, {
    kind: 'parked',
    code,
    ...(why === undefined ? {} : { why }),
    ...(fence !== null && state.attempts.has(fence) ? { fence } : {}),
  })
  return { ...now, parkedInARow: state.parkedInARow + 1 }
}

/** The open attempt at an item, whether it goes on or stands still. */
export function fenceOf(of: ItemState['standing'] | undefined): number | null {
  return of?.kind === 'working' || of?.kind === 'parked' ? (of.fence ?? null) : null
}

type ItemParked = Extract<ItemState['standing'], { kind: 'parked' }>

export function standing(state: BatchState, item: string, now: ItemState['standing']): BatchState {
  return changeItem(state, item, (was) => ({ ...was, standing: now }))
}

export function changeItem(state: BatchState, id: string, change: (was: ItemState) => ItemState): BatchState {
  const was = state.items.get(id)
  return was === undefined ? state : withItem(state, id, change(was))
}

export function withItem(state: BatchState, id: string, item: ItemState): BatchState {
  return { ...state, items: new Map(state.items).set(id, item) }
}

export function backedOff(state: BatchState, until: number, why: string): BatchState {
  return { ...state, backedOff: { until, why, times: (state.backedOff?.times ?? 0) + 1 } }
}
