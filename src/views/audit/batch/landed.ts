import { type Result, ok } from '../../../base/result.ts'
import { personHolds, treeOf } from '../../../workspace/trees/look-commits.ts'
import { isAncestor } from '../../../workspace/trees/own.ts'
import { personBranch } from '../../../workspace/trees/person-trees.ts'
import type { OwnRepository } from '../../../workspace/trees/types.ts'
import type { CommitsAsked } from './commits-asked.ts'
import { type BatchFinding, broken, short, suspect } from './types.ts'

/** What was landed held the head of then, and is in the target as long as that branch exists. */
export async function landedFindings({
  own,
  state,
  events,
}: CommitsAsked): Promise<Result<readonly BatchFinding[]>> {
  const findings: BatchFinding[] = []
  let head = state.opened.base
  for (const event of events) {
    if (event.type === 'integrated' || event.type === 'taken') head = event.data.commit
    if (event.type !== 'landed') continue
    const { commit, target, remote } = event.data
    const holds = await holdsHead(own, head, commit)
    if (!holds.ok) return holds
    if (holds.value === false)
      findings.push(
        broken('landed-other', `what was landed does not hold the head of then, ${short(head)}`, {
          where: commit,
          todo: 'autonomous-loop land --merge',
          at: event.at,
        }),
      )
    // Pushed elsewhere, and no branch of this repository was moved.
    if (remote !== undefined) continue
    const undone = await undoneFinding(own, target, commit, event.at)
    if (!undone.ok) return undone
    findings.push(...undone.value)
  }
  return ok(findings)
}

/** Null: one of them is gone. */
async function holdsHead(own: OwnRepository, head: string, commit: string): Promise<Result<boolean | null>> {
  for (const one of [head, commit]) {
    const tree = await treeOf(own, one)
    if (!tree.ok || tree.value === null) return tree.ok ? ok(null) : tree
  }
  return isAncestor(own, head, commit)
}

async function undoneFinding(
  own: OwnRepository,
  target: string,
  commit: string,
  at: number,
): Promise<Result<readonly BatchFinding[]>> {
  if (own.person.commonDir === '') return ok([])
  const branch = await personBranch(own, target)
  if (!branch.ok || branch.value === null) return branch.ok ? ok([]) : branch
  const holds = await personHolds(own, commit, branch.value)
  if (!holds.ok || holds.value === true) return holds.ok ? ok([]) : holds
  return ok([
    suspect(
      'landed-undone',
      `${target} is at ${short(branch.value)}, which does not hold what was landed, ${short(commit)}`,
      {
        where: `refs/heads/${target}`,
        todo: `nothing, if you moved ${target} back yourself; else: git merge ${short(commit)}`,
        at,
      },
    ),
  ])
}
