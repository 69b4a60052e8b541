import { type Result, ok } from '../../base/result.ts'
import { reuseWorktree } from '../../workspace/trees/reuse.ts'
import { listWorktrees, makeWorktree } from '../../workspace/trees/worktree.ts'
import type { Worktree } from '../../workspace/trees/types.ts'
import type { NewBatchEvent } from '../record/events.ts'
import type { AttemptState } from '../record/state.ts'
import { batchStep } from '../step.ts'
import type { World } from '../world.ts'

/**
 * A worktree at the base of the attempt: the item's own, one that nobody uses, or a new one. One that a process has in hand, or that
 * is not what we made, is left alone. Codes: those of trees.
 */
export async function prepareWorktree(
  world: World,
  attempt: AttemptState,
): Promise<Result<readonly NewBatchEvent[]>> {
  const { item, fence } = attempt
  batchStep('worktree')
  const made = await worktreeFor(world, attempt)
  batchStep('worktree')
  return made.ok ? ok([{ type: 'worktree-ready', data: { item, fence, worktree: made.value.name } }]) : made
}

async function worktreeFor({ own, ledger }: World, { item, base }: AttemptState): Promise<Result<Worktree>> {
  const state = ledger.state()
  const prepared = state.layers
  const inUse = new Set([...state.attempts.values()].map((one) => one.worktree))
  const there = listWorktrees(own)
  const free = there.filter((one) => one.state === 'ours' && !inUse.has(one.name)).map((one) => one.name)
  const before = state.items.get(item)?.worktree ?? null
  for (const name of free.toSorted((a, b) => Number(b === before) - Number(a === before))) {
    const reused = await reuseWorktree(own, name, base, { sameItem: name === before, prepared })
    if (reused.ok || (reused.error.code !== 'worktree-busy' && reused.error.code !== 'worktree-foreign'))
      return reused
  }
  const taken = new Set(there.filter((one) => one.state !== 'unfinished').map((one) => one.name))
  return makeWorktree(own, freeName(item, taken), base, prepared)
}

function freeName(item: string, taken: ReadonlySet<string>): string {
  for (let nth = 1; ; nth += 1) {
    const name = nth === 1 ? item : `${item}-${nth}`
    if (!taken.has(name)) return name
  }
}
