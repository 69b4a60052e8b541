import { type Result, err, ok } from '../base/result.ts'
import { type Choices, choose } from './choices.ts'
import { hasImplicitTask } from './implicit-task.ts'
import { bounded, show } from './problem.ts'
import { referenceProblems } from './command-refs.ts'
import { graphProblems } from './task-graph.ts'
import { MAX_TASKS, type TaskDrafts, draftTasks, draftsOf } from './tasks.ts'
import type { Contract, Problem, ProjectConfig, Task } from './types.ts'

export { hasImplicitTask } from './implicit-task.ts'

export interface RefineOptions extends Choices {
  /** What becomes of an implicit T1: dropped (true), or kept under the name T0 (false). */
  readonly replaceImplicit: boolean
  /** The config of the run, for commandRefs and profiles; null knows no command. */
  readonly config: ProjectConfig | null
  /** Refused: what may differ is said when a run begins. */
  readonly scope?: readonly string[] | null | undefined
  /** Tasks as `--task-json` gave them, in place of `tasks`. */
  readonly taskTexts?: readonly string[]
}

/**
 * Adds obligations to an open contract; objective, policy and old tasks stay. A known id is refused: a task cannot be
 * rewritten. Pure. Errors: everything that speaks against it, in one answer.
 */
export function refineContract(
  contract: Contract,
  tasks: readonly Task[],
  options: RefineOptions,
): Result<Contract, Problem[]> {
  const drafts = options.taskTexts === undefined ? draftsOf(tasks) : draftTasks(options.taskTexts)
  const kept = keptTasks(contract, drafts, options.replaceImplicit)
  const known = new Set(kept.map((task) => task.id))
  const problems: Problem[] = [
    ...drafts.problems,
    ...knownIds(drafts, known),
    ...graphProblems(drafts.nodes, known),
    ...tooMany(kept, drafts),
    ...(options.scope ? [scopeIsFrozen(options.scope)] : []),
  ]
  const { gateProfile, limits } = contract
  const chosen = options.config && choose(options, { gateProfile, limits }, options.config)
  if (options.config && chosen)
    problems.push(...referenceProblems(drafts, options.config), ...chosen.problems)
  else problems.push(...withoutConfig(drafts, options))
  const all = [...kept, ...drafts.tasks]
  if (problems.length === 0 && !all.some((task) => task.required)) problems.push(nothingRequired)
  return problems.length === 0 ? ok({ ...contract, ...chosen?.standing, tasks: all }) : err(bounded(problems))
}

function scopeIsFrozen(scope: readonly string[]): Problem {
  return {
    path: 'scope',
    found: show(scope),
    allowed: 'no scope for a run that is open: it is frozen when the run begins',
    example: 'the same request without a scope',
  }
}

function keptTasks(contract: Contract, drafts: TaskDrafts, replace: boolean): Task[] {
  // Without a new task there is nothing that could stand in for T1 or want its name.
  if (drafts.nodes.length === 0 || !hasImplicitTask(contract)) return [...contract.tasks]
  return replace ? [] : contract.tasks.map((task) => ({ ...task, id: 'T0' }))
}

function knownIds(drafts: TaskDrafts, known: ReadonlySet<string>): Problem[] {
  return drafts.nodes.flatMap(({ id, place }): Problem[] =>
    id === null || !known.has(id)
      ? []
      : [
          {
            path: `${place}.id`,
            found: `${show(id)}, which the open contract already has`,
            allowed: `an id other than ${[...known].join(', ')}; tasks are added, never rewritten`,
            example: show(nextId(known, drafts)),
          },
        ],
  )
}

function tooMany(kept: readonly Task[], drafts: TaskDrafts): Problem[] {
  const count = kept.length + drafts.nodes.length
  return count <= MAX_TASKS
    ? []
    : [
        {
          path: 'tasks',
          found: `${count} tasks, with those of the open contract`,
          allowed: `at most ${MAX_TASKS} tasks`,
          example: 'fewer tasks with more evidence each',
        },
      ]
}

const nothingRequired: Problem = {
  path: 'tasks',
  found: 'only optional tasks',
  allowed: 'at least one task with "required": true',
  example: '"required": true',
}

function withoutConfig(drafts: TaskDrafts, options: RefineOptions): Problem[] {
  const wantsCommand = drafts.tasks.some((task) => task.evidence.some(({ kind }) => kind === 'commandRef'))
  const choosesGates = (options.gateProfile ?? options.maxStopIterations ?? null) !== null
  return wantsCommand || choosesGates
    ? [
        {
          path: 'config',
          found: 'a run without approved commands',
          allowed: 'neither commandRef nor a gate profile nor a limit',
          example: '{"kind": "pathChanged", "glob": "src/**"}',
        },
      ]
    : []
}

function nextId(known: ReadonlySet<string>, drafts: TaskDrafts): string {
  const taken = new Set([...known, ...drafts.nodes.map((node) => node.id)])
  let number = 1
  while (taken.has(`T${number}`)) number++
  return `T${number}`
}
