import { type Result, ok } from '../../base/result.ts'
import { commitTree } from '../../workspace/trees/commit.ts'
import { moveHead } from '../../workspace/trees/head.ts'
import type { NewBatchEvent } from '../record/events.ts'
import { refs } from '../batch/paths.ts'
import { isGoal } from '../record/fold-goal.ts'
import type { AttemptState } from '../record/state.ts'
import { batchStep } from '../step.ts'
import type { World } from '../world.ts'

/**
 * Makes the judged tree the head: the commit is on record before the head moves, and is the same however often it is made, so that
 * a crash in between is finished by doing it again. Codes: head-moved, those of trees.
 */
export async function integrate(
  world: World,
  attempt: AttemptState,
): Promise<Result<readonly NewBatchEvent[]>> {
  const { own, opened, ledger } = world
  const { item, fence, stage } = attempt
  const ref = refs.head(opened.batch)
  if (stage.at === 'released') {
    const from = stage.verdict.head
    const joins = ledger.state().items.get(item)?.frozen.joins
    const made = await commitTree(own, {
      tree: stage.verdict.tree,
      parents: [from, ...(joins === undefined ? [] : [joins.target])],
      message: messageOf(world, attempt),
      identity: opened.identity,
      at: attempt.at,
    })
    if (!made.ok) return made
    const noted = ledger.append({ type: 'integrating', data: { item, fence, commit: made.value, from } })
    // A person may have dropped the item meanwhile.
    return noted.attempts.get(fence)?.stage.at === 'integrating' ? moved(made.value, from) : ok([])
  }
  return stage.at === 'integrating' ? moved(stage.commit, stage.from) : ok([])

  async function moved(commit: string, from: string): Promise<Result<readonly NewBatchEvent[]>> {
    batchStep('head')
    const done = await moveHead(own, ref, from, commit)
    batchStep('head')
    return done.ok ? ok([{ type: 'integrated', data: { item, fence, commit, from } }]) : done
  }
}

function messageOf({ item, opened, ledger }: World, attempt: AttemptState): string {
  const { title } = item(attempt.item)
  // What an agent says of an iteration is no subject.
  const nth = isGoal(ledger.state(), attempt.item) ? ` (iteration ${attempt.attempt})` : ''
  return [
    title.split('\n', 1)[0]!.slice(0, 100) + nth,
    '',
    `Autonomous-Loop-Item: ${attempt.item}`,
    `Autonomous-Loop-Batch: ${opened.batch}`,
    `Autonomous-Loop-Attempt: ${attempt.attempt}`,
    '',
  ].join('\n')
}
