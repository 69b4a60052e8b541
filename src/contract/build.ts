import { type Result, err, ok } from '../base/result.ts'
import { type Choices, choose, profileOf } from './choices.ts'
import { implicitTask } from './implicit-task.ts'
import { bounded, show } from './problem.ts'
import { contractScopeProblems as scopeProblems } from './contract-scope.ts'
import { normalScope } from './scope.ts'
import { referenceProblems } from './command-refs.ts'
import { graphProblems } from './task-graph.ts'
import { type TaskDrafts, draftTasks, draftsOf } from './tasks.ts'
import type { Contract, Limits, Problem, ProjectConfig, Task } from './types.ts'

export interface BuildInput extends Choices {
  readonly contractId: string
  readonly objective: string
  /** Empty, with no task texts: one implicit task that asks for any change. */
  readonly tasks: readonly Task[]
  /** Tasks as `--task-json` gave them, in place of `tasks`: their own problems then come in the same answer. */
  readonly taskTexts?: readonly string[]
  /** Entries that narrow the config's scope for this run; absent: none. */
  readonly scope?: readonly string[] | null | undefined
  /** The approved config; null is refused, because then nobody has said what "done" must pass. */
  readonly config: ProjectConfig | null
}

/** Longest objective, in UTF-16 units: a whole prompt may be one. */
const MAX_OBJECTIVE = 100_000

/** Freezes a contract. Pure. Errors: everything that speaks against it, in one answer. */
export function buildContract(input: BuildInput): Result<Contract, Problem[]> {
  const { config } = input
  const objective = input.objective.trim()
  const drafts = input.taskTexts === undefined ? draftsOf(input.tasks) : draftTasks(input.taskTexts)
  const implicit = drafts.nodes.length === 0 && drafts.problems.length === 0
  const problems: Problem[] = [
    ...objectiveProblems(objective),
    ...drafts.problems,
    ...graphProblems(drafts.nodes, new Set()),
    ...requiredProblems(drafts),
    ...scopeProblems(input.scope),
  ]
  if (config === null) return err(bounded([...problems, noConfig]))
  const { limits, gateProfile } = { limits: limitsOf(config), gateProfile: config.defaults.gateProfile }
  const chosen = choose(input, { gateProfile, limits }, config)
  problems.push(
    ...referenceProblems(drafts, config),
    ...chosen.problems,
    ...gateProblems(config, chosen.standing.gateProfile),
  )
  if (problems.length > 0) return err(bounded(problems))
  return ok({
    version: 1,
    contractId: input.contractId,
    objective,
    mode: 'enforced',
    gateProfile: chosen.standing.gateProfile,
    tasks: implicit ? [implicitTask(objective)] : drafts.tasks,
    limits: chosen.standing.limits,
    policy: config.policy,
    ...(input.scope ? { scope: normalScope(input.scope) } : {}),
  })
}

const noConfig: Problem = {
  path: 'config',
  found: 'no approved project config',
  allowed: 'a .codex/autoloop.project.json whose content a person has approved',
  example:
    'a person runs: autonomous-loop install-repo --repo .   (or, for an existing file: autonomous-loop allow --repo .)',
}

function objectiveProblems(objective: string): Problem[] {
  if (objective !== '' && objective.length <= MAX_OBJECTIVE) return []
  return [
    {
      path: 'objective',
      found: objective === '' ? show(objective) : `${objective.length} characters`,
      allowed: `text of 1 to ${MAX_OBJECTIVE} characters`,
      example: '"Add a --json flag to the export command"',
    },
  ]
}

/** A contract of optional tasks alone would ask for nothing. Tasks that could not be read may have been required. */
function requiredProblems(drafts: TaskDrafts): Problem[] {
  const allRead = drafts.tasks.length === drafts.nodes.length
  if (drafts.tasks.length === 0 || !allRead || drafts.tasks.some((task) => task.required)) return []
  return [
    {
      path: 'tasks',
      found: 'only optional tasks',
      allowed: 'at least one task with "required": true',
      example: '"required": true',
    },
  ]
}

function gateProblems(config: ProjectConfig, gateProfile: string): Problem[] {
  if (config.policy.gates === 'none') return []
  const final = profileOf(config, config.defaults.finalGateProfile) ?? []
  if (final.length > 0 || (profileOf(config, gateProfile) ?? []).length > 0) return []
  return [
    {
      path: `config.gateProfiles.${config.defaults.finalGateProfile}`,
      found: '[]: no command has to pass before a release',
      allowed: 'at least one command, or "policy": {"gates": "none"}',
      example: JSON.stringify({ final: [Object.keys(config.commands)[0] ?? 'test'] }),
    },
  ]
}

function limitsOf(config: ProjectConfig): Limits {
  const { maxStopIterations, maxRepeatedFailureSignature, maxMinutes, maxTokens } = config.defaults
  return {
    maxStopIterations,
    maxRepeatedFailureSignature,
    ...(maxMinutes === undefined ? {} : { maxMinutes }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  }
}
