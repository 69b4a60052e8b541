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
    stuck: 0,
    conflicts: 0,
    edited: undefined,
    looked: null,
    worktree: null,
    failures: [],
    goal: frozen.goal === undefined ? null : newGoal,
  }
}

export function parked(state: BatchState, item: string, code: ItemParked['code'], why?: string): BatchState {
  const now = standing(state, item, { kind: 'parked', code, ...(why === undefined ? {} : { why }) })
  return { ...now, parkedInARow: state.parkedInARow + 1 }
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
