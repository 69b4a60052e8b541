import { type Result, ok } from '../../base/result.ts'
import { takeCandidate } from '../../workspace/trees/candidate.ts'
import type { Finding, NewBatchEvent } from '../record/events.ts'
import { refs } from '../batch/paths.ts'
import type { AttemptState } from '../record/state.ts'
import { batchStep } from '../step.ts'
import { leftMarks } from './join-item.ts'
import { goneWorktree, worktreeOf } from './worktree-of.ts'
import { unchanged } from './unchanged.ts'
import { treeFindings } from '../judge/tree-findings.ts'
import type { World } from '../world.ts'

/** What the worktree holds at the end of a turn, as a commit of ours; or what speaks against it before anybody is asked. Codes: those of trees. */
export async function captureCandidate(
  world: World,
  attempt: AttemptState,
): Promise<Result<readonly NewBatchEvent[]>> {
  const { own, opened, ledger, item: itemOf } = world
  const { item, fence, base, stage } = attempt
  const gone = goneWorktree(own, attempt)
  if (gone !== null) return ok([gone])
  batchStep('candidate')
  const taken = await takeCandidate(
    own,
    worktreeOf(own, attempt),
    base,
    refs.attempt(opened.batch, item, attempt.attempt),
    { message: `attempt ${attempt.attempt} at ${item}`, at: attempt.at },
  )
  batchStep('candidate')
  if (!taken.ok && taken.error.code === 'candidate-failed')
    return found([{ kind: 'candidate-failed', path: '.', why: taken.error.message }], null)
  if (!taken.ok) return taken
  if (taken.value.kind === 'findings') return found(taken.value.findings, null)
  const { commit, tree, changed } = taken.value
  const standing = treeFindings(
    world,
    itemOf(item),
    changed.map((one) => one.path),
  )
  if (standing.length > 0) return found(standing, tree)
  const { items } = ledger.state()
  const marks = await leftMarks(own, items.get(item)?.frozen.joins, tree)
  if (!marks.ok) return marks
  if (marks.value.length > 0) return found(marks.value, tree)
  const goal = items.get(item)?.goal ?? null
  if (changed.length === 0 && goal !== null) return ok([unchanged(world, attempt, goal)])
  if (changed.length === 0 && !itemOf(item).allowVacuous)
    return found([{ kind: 'no-change', path: '.' }], tree)
  // It says itself that there is more to do.
  const isDone =
    stage.at === 'turned' && stage.outcome.kind === 'finished' && stage.outcome.answer.status === 'complete'
  if (!isDone) return found([], tree)
  return ok([{ type: 'candidate', data: { item, fence, commit, tree, changed: changed.length } }])

  function found(findings: readonly Finding[], at: string | null): Result<readonly NewBatchEvent[]> {
    return ok([{ type: 'findings', data: { item, fence, findings, tree: at } }])
  }
}
