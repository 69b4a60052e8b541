import type { Baseline } from '../../evidence/types.ts'
import type { RoomDifference } from './fill.ts'

export interface StartOfRoom {
  /** Where the root lies below the top: '' or `packages/a/`. */
  readonly prefix: string
  /** Commit that the work began from; null where there is none. */
  readonly commit: string | null
  readonly baselines: readonly Baseline[]
}

/**
 * Tells of a path (from the top) whether it holds what it held at the start, by the differences of now from the first baseline. Of
 * what lies beside the root nothing is known but what it holds now.
 */
export function asAtStart(
  { prefix, commit, baselines }: StartOfRoom,
  state: RoomDifference,
): (file: string) => boolean {
  // An agent's report may speak of another commit.
  const isOne = baselines.every((one) => one.kind === 'plain' || one.commit === commit)
  const then = new Map<string, string>()
  for (const { entries } of baselines)
    for (const [file, kind, hash] of entries) then.set(prefix + file, `${kind} ${hash}`)
  return (file) => {
    if (!isOne || !file.startsWith(prefix)) return false
    const now = state.get(file)
    return now === undefined || now === then.get(file)
  }
}
