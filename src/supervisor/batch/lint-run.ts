import type { BacklogProblem, Item } from '../../backlog/item.ts'
import {
  type AtBase,
  type Vacuous,
  hasFailingCheck,
  heldAlready,
  isMetAlready,
  vacuousProblems,
} from '../../backlog/vacuous.ts'
import { type Result, ok } from '../../base/result.ts'
import { releaseCommands } from '../../contract/release-commands.ts'
import type { Task } from '../../contract/types.ts'
import { contractOfNobody } from '../judge/check-commit.ts'
import { gatesAt, nothingLearned } from '../judge/gates-at.ts'
import type { BaseGround } from './base-ground.ts'

/** What the evidence of items says of a commit before anybody worked. */
export interface RunAtBase {
  readonly commit: string
  /** Commands that fail there. */
  readonly red: readonly string[]
  readonly held: readonly Vacuous[]
  /** Items for which nothing is left to do. */
  readonly met: readonly string[]
  /** Items of which nothing fails there but that nothing has changed yet. */
  readonly uncheckable: readonly string[]
  readonly problems: readonly BacklogProblem[]
}

/**
 * Runs the evidence of items on the commit of HEAD: paths are looked up in a checkout of ours, and every command that one of them
 * names runs once, in the clean room. Codes: gates-could-not-run, and those of gatesAt.
 */
export async function runAtBase(ground: BaseGround, items: readonly Item[]): Promise<Result<RunAtBase>> {
  const { config, opened } = ground
  const commit = opened.base
  const said = await gatesAt(ground, {
    item: 'lint',
    record: 'lint',
    commit,
    contract: contractOfNobody('lint', config, tasksOf(items, ground)),
  })
  if (!said.ok) return said
  const { red, passed, couldNotRun, evidence } = said.value
  if (couldNotRun.length > 0) return { ok: false, error: nothingLearned(commit, said.value) }
  const met = new Set(evidence.flatMap((one) => (one.met ? [`${one.taskId} ${one.index}`] : [])))
  const base: AtBase = {
    holds: (item, task, index) => met.has(`${taskId(item, task)} ${index}`),
    passed: new Set(passed),
  }
  return ok({
    commit,
    red,
    held: items.flatMap((one) => heldAlready(one, base)),
    met: items.filter((one) => isMetAlready(one, config, base)).map((one) => one.id),
    uncheckable: items.filter((one) => !hasFailingCheck(one, config, base)).map((one) => one.id),
    problems: items.flatMap((one) => vacuousProblems(one, config, base, commit)),
  })
}

/** Tasks of several items have the same ids. */
const taskId = (item: string, task: string): string => `${item}/${task}`

/** All that the items ask for, as the tasks of one contract; one more names the gates of their profiles. */
function tasksOf(items: readonly Item[], { config }: Pick<BaseGround, 'config'>): readonly Task[] {
  const named = new Set(
    items.flatMap(({ contract }) => releaseCommands({ contract, config }).map((one) => one.name)),
  )
  const gates: Task = {
    id: 'gates',
    title: 'gates',
    required: true,
    dependsOn: [],
    evidence: [...named].map((name) => ({ kind: 'commandRef', name })),
  }
  return [
    ...items.flatMap(({ id, contract }) =>
      contract.tasks.map((task) => ({ ...task, id: taskId(id, task.id), dependsOn: [] })),
    ),
    gates,
  ]
}
