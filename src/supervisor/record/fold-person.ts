import type { FrozenItem, TakenCommit } from './events.ts'
import { newGoal } from './goal-state.ts'
import { fenceOf } from './fold-items.ts'
import type { BatchState, ItemState } from './state.ts'

/** It goes on. What stopped it counts anew where it had come to rest: a person had a look. A crash is no such word. */
export function resumed(state: BatchState): BatchState {
  if (state.rest === null) return state
  return { ...state, rest: null, halt: null, backedOff: null, redHead: null, agents: new Map() }
}

/** A batch that came to rest does so no more once a person changed something in it, and items parked in a row count anew. */
export function open(state: BatchState): BatchState {
  const now = { ...state, parkedInARow: 0 }
  return state.rest?.state === 'completed' ? now : resumed(now)
}

/** Open again, with fresh limits; an attempt that stood still goes on. */
export function fresh(had: ItemState): ItemState {
  const { proposal: _, ...item } = had
  const { goal } = item
  const fence = fenceOf(item.standing)
  return {
    ...item,
    standing: fence === null ? { kind: 'open' } : { kind: 'working', fence },
    counted: 0,
    spawns: 0,
    spentBefore: item.spent,
    stuck: 0,
    conflicts: 0,
    looked: null,
    goal: goal && { ...newGoal, present: goal.present, iterations: goal.iterations },
  }
}

/** Of a batch that is completed too, which is open again with it. */
export function reopened(had: ItemState): ItemState {
  return { ...fresh(had), edited: undefined, reopened: true }
}

/** Another text. What is done stays so, and what is in work loses its attempt by an event of its own. */
export function accepted(had: ItemState, frozen: FrozenItem, at: number): ItemState {
  // Another plan begins from its own first step.
  const goal = had.goal && { ...newGoal, iterations: had.goal.iterations }
  const { rejected: _, ...item } = { ...withText(had, frozen, at), goal }
  return had.standing.kind === 'done' || had.standing.kind === 'working' ? item : fresh(item)
}

/** With another text from `at` on, ms since the epoch. */
export function withText(had: ItemState, frozen: FrozenItem, at: number): ItemState {
  if (had.frozen.digest === frozen.digest) return { ...had, frozen }
  return { ...had, frozen, givenUp: new Map(had.givenUp).set(had.frozen.digest, at) }
}

export function waitsForText({ standing: now }: ItemState): boolean {
  return now.kind === 'parked' && now.code === 'contract-changed'
}

/** The head holds a commit of the person's. The branch is then where the person set it. */
export function taken(state: BatchState, { commit, branch, theirs, layers }: TakenCommit): BatchState {
  return {
    ...open(state),
    taking: null,
    head: commit,
    green: commit,
    red: [],
    redHead: null,
    layers,
    published: branch === null ? state.published : { branch, commit: theirs },
  }
}
