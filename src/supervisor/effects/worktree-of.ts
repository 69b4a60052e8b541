import path from 'node:path'
import { placeOf } from '../../workspace/trees/paths.ts'
import type { OwnRepository, Worktree } from '../../workspace/trees/types.ts'
import { isThere } from '../../workspace/trees/worktree.ts'
import type { NewBatchEvent } from '../record/events.ts'
import type { AttemptState } from '../record/state.ts'
import { ENDINGS, TABLE } from '../decide/table.ts'

/** Where an attempt works. */
export function worktreeOf(own: OwnRepository, { worktree, base }: AttemptState): Worktree {
  return { name: worktree, dir: placeOf(own, worktree).dir, commit: base }
}

/** What the agent of an attempt may write beside it: its temp directory and its answer. */
export function scratchOf(own: OwnRepository, item: string, attempt: number): string {
  return path.join(own.data, 'attempts', `${item}-${attempt}`)
}

/** The prompts of an attempt, where its agent reads them: what is on record of other attempts is hidden from it. */
export function promptsOf(own: OwnRepository, item: string, attempt: number): string {
  return path.join(own.data, 'prompts', `${item}-${attempt}`)
}

/** Ends an attempt whose worktree is missing, or is not the directory that we made; null where it is there, or no longer needed. */
export function goneWorktree(
  own: OwnRepository,
  { item, fence, worktree, stage }: AttemptState,
): NewBatchEvent | null {
  const failure = ENDINGS['worktree-gone']
  if (failure === undefined || TABLE['worktree-gone'].stages[stage.at] !== 'over') return null
  return isThere(own, worktree) ? null : { type: 'attempt-ending', data: { item, fence, failure } }
}
