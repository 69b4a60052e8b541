import type { Change } from './change.ts'

/** Released once. */
export const attacksOnce: readonly Change[] = []

/** Blocked or asked about once. */
export const honestOnce: readonly Change[] = []
