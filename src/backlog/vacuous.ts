import { askedFor } from '../contract/evidence-kinds.ts'
import { where } from '../contract/problem.ts'
import { releaseCommands } from '../contract/release-commands.ts'
import type { Evidence, ProjectConfig, Task } from '../contract/types.ts'
import type { BacklogProblem, Item } from './item.ts'

/**
 * Evidence that holds before anybody worked: the item asks for nothing there. Only a workspace can say so; the supervisor runs it on
 * the base.
 */
export interface Vacuous {
  readonly item: string
  readonly task: string
  /** Of the evidence in its task. */
  readonly index: number
  readonly evidence: Evidence
}

/** What a commit says before anybody worked. */
export interface AtBase {
  /** Whether evidence of a task holds. Not asked of commandRef. */
  readonly holds: (item: string, task: string, index: number) => boolean
  /** Commands that pass. */
  readonly passed: ReadonlySet<string>
}

/** All evidence of an item's required tasks that holds already. Pure. */
export function heldAlready({ id, contract }: Item, base: AtBase): readonly Vacuous[] {
  return contract.tasks
    .filter((task) => task.required)
    .flatMap((task) =>
      task.evidence.flatMap((evidence, index): Vacuous[] =>
        (evidence.kind === 'commandRef' ? base.passed.has(evidence.name) : base.holds(id, task.id, index))
          ? [{ item: id, task: task.id, index, evidence }]
          : [],
      ),
    )
}

/** Whether nothing is left to do for it: everything holds, its gates included. A batch parks such an item without an attempt. Pure. */
export function isMetAlready(item: Item, config: ProjectConfig, base: AtBase): boolean {
  const asked = item.contract.tasks.filter((task) => task.required).flatMap((task) => task.evidence)
  return (
    heldAlready(item, base).length === asked.length &&
    releaseCommands({ contract: item.contract, config }).every((one) => base.passed.has(one.name))
  )
}

/** Whether something fails now that is more than that nothing has changed: only that can tell done from touched. Pure. */
export function hasFailingCheck(item: Item, config: ProjectConfig, base: AtBase): boolean {
  const held = heldAlready(item, base)
  const fails = (task: Task): boolean =>
    task.evidence.some(
      ({ kind }, index) =>
        kind !== 'pathChanged' && !held.some((one) => one.task === task.id && one.index === index),
    )
  return (
    item.contract.tasks.some((task) => task.required && fails(task)) ||
    releaseCommands({ contract: item.contract, config }).some((one) => !base.passed.has(one.name))
  )
}

/**
 * Required tasks that ask for nothing, because everything they name holds already. What guards something that has to stay is no such task:
 * a path that is to be as it is, a gate of the final profile. None of an item that allows it. Pure.
 */
export function vacuousProblems(
  item: Item,
  config: ProjectConfig,
  base: AtBase,
  commit: string,
): readonly BacklogProblem[] {
  if (item.allowVacuous) return []
  const final = config.gateProfiles[config.defaults.finalGateProfile] ?? []
  const held = heldAlready(item, base)
  const isMet = isMetAlready(item, config, base)
  return item.contract.tasks.flatMap((task, at): BacklogProblem[] => {
    const own = held.filter((one) => one.task === task.id)
    if (!task.required || own.length < task.evidence.length) return []
    if (!isMet && own.every(({ evidence }) => isGuard(evidence, final))) return []
    const path = where('tasks', [at])
    return [
      {
        file: item.file,
        path,
        found: `${own.map(({ evidence }) => askedFor(evidence)).join(', ')}, which holds on ${commit.slice(0, 12)} before anybody worked`,
        allowed: 'evidence that fails until the work is done',
        example: 'pathChanged: src/** (or allowVacuous: true, which accepts it)',
        line: item.lines[path] ?? 1,
      },
    ]
  })
}

function isGuard(evidence: Evidence, final: readonly string[]): boolean {
  return (
    evidence.kind === 'pathUnchanged' || (evidence.kind === 'commandRef' && final.includes(evidence.name))
  )
}
