import type { BatchState } from '../record/state.ts'

/** Whether the head of a batch was landed as it is. Pure. */
export function isLanded({ head, landed }: BatchState): boolean {
  return landed !== null && (landed.head ?? landed.commit) === head
}

/** What a landing brings: what the last one came to, where that holds the head as it is, so that two ways make one history. Pure. */
export function landedWork(state: BatchState): string {
  return isLanded(state) && state.landed !== null ? state.landed.commit : state.head
}
