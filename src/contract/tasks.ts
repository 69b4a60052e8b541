import { isObject, parseJson } from '../base/json.ts'
import { type Result, err, ok } from '../base/result.ts'
import { evidenceKinds, isEvidenceKind } from './evidence-kinds.ts'
import { fallbackHint, taskHints } from './hints.ts'
import { normalGlob, normalPath } from './path-rules.ts'
import { bounded, problemsOf } from './problem.ts'
import { NAME } from './schema-parts.ts'
import { taskSchemas } from './task-schema.ts'
import { type GraphNode, graphProblems } from './task-graph.ts'
import type { Evidence, Problem, Task } from './types.ts'
import * as z from 'zod/mini'

/** Longest `--task-json` text, in UTF-16 units. */
const MAX_TASK_TEXT = 262_144
/** Most tasks in one contract. */
export const MAX_TASKS = 200

/** Most pieces of evidence in one task that are looked at. */
const MAX_EVIDENCE = 100

/** Tasks as given: those that could be read, the problems of the others, and all of them as a graph. */
export interface TaskDrafts {
  readonly tasks: readonly Task[]
  /** Where each of `tasks` lies, such as `tasks[0]`. */
  readonly places: readonly string[]
  readonly nodes: readonly GraphNode[]
  /** Every `commandRef`, also of tasks that are wrong elsewhere: `place` such as `tasks[0].evidence[1]`. */
  readonly references: readonly { readonly place: string; readonly name: string }[]
  readonly problems: readonly Problem[]
}

/** One task from JSON; `index` is its place in the words. Normalised: defaults filled in, one spelling per path. */
export function parseTask(json: unknown, index: number): Result<Task, Problem[]> {
  const parsed = z.safeParse(taskSchemas().task, json)
  if (parsed.success) {
    const { evidence, ...rest } = parsed.data
    return ok({ ...rest, evidence: evidence.map(normalEvidence) })
  }
  return err(
    bounded(problemsOf(parsed.error.issues, json, `tasks[${index}]`, (path) => taskField(json, path))),
  )
}

/** Tasks from `--task-json` texts, each one object or an array of objects. All problems of all texts at once. */
export function parseTasks(texts: readonly string[]): Result<Task[], Problem[]> {
  const drafts = draftTasks(texts)
  // A task may depend on one of the open run, which is not known here.
  const problems = [...drafts.problems, ...graphProblems(drafts.nodes, null)]
  return problems.length === 0 ? ok([...drafts.tasks]) : err(bounded(problems))
}

/** Reads task texts as far as they can be read, for callers that add problems of their own. */
export function draftTasks(texts: readonly string[]): TaskDrafts {
  const problems: Problem[] = []
  const items: unknown[] = []
  texts.forEach((text, index) => {
    const name = `--task-json[${index}]`
    const refuse = (found: string, allowed: string) =>
      problems.push({ path: name, found, allowed, example: taskHints['']!.example })
    if (text.length > MAX_TASK_TEXT)
      return refuse(`${text.length} characters`, `at most ${MAX_TASK_TEXT} characters`)
    const json = parseJson(text.replace(/^\ufeff/, ''), name)
    if (!json.ok) return refuse(json.error.message, 'one task as JSON, or an array of tasks')
    return items.push(
      ...(Array.isArray(json.value) ? (json.value as unknown[]).slice(0, MAX_TASKS + 1) : [json.value]),
    )
  })
  if (items.length > MAX_TASKS)
    problems.push({
      path: 'tasks',
      found: `more than ${MAX_TASKS} tasks`,
      allowed: `at most ${MAX_TASKS} tasks`,
      example: 'fewer tasks with more evidence each',
    })
  const results = items
    .slice(0, MAX_TASKS)
    .map((item, index) => ({ item, index, result: parseTask(item, index) }))
  return {
    tasks: results.flatMap(({ result }) => (result.ok ? [result.value] : [])),
    places: results.flatMap(({ result, index }) => (result.ok ? [`tasks[${index}]`] : [])),
    nodes: results.map(({ item, index }) => nodeOf(item, index)),
    references: results.flatMap(({ item, index }) => referencesOf(item, index)),
    problems: [...problems, ...results.flatMap(({ result }) => (result.ok ? [] : result.error))],
  }
}

/** Tasks that are known to be well formed, as drafts. */
export function draftsOf(tasks: readonly Task[]): TaskDrafts {
  const nodes = tasks.map(nodeOf)
  const places = nodes.map((node) => node.place)
  return { tasks, places, nodes, references: tasks.flatMap(referencesOf), problems: [] }
}

function normalEvidence(evidence: Evidence): Evidence {
  return {
    ...evidence,
    ...('path' in evidence && { path: normalPath(evidence.path) }),
    ...('glob' in evidence && { glob: normalGlob(evidence.glob) }),
  }
}

/** Looks only at what has the right shape, so that one broken field does not hide a cycle or invent one. */
function nodeOf(item: unknown, index: number): GraphNode {
  const raw = isObject(item) ? item : {}
  const dependsOn = Array.isArray(raw['dependsOn']) ? (raw['dependsOn'] as unknown[]).slice(0, MAX_TASKS) : []
  return {
    place: `tasks[${index}]`,
    id: typeof raw['id'] === 'string' ? raw['id'] : null,
    dependsOn: dependsOn.map((id) => (typeof id === 'string' ? id : null)),
  }
}

function referencesOf(item: unknown, index: number): { place: string; name: string }[] {
  const list = isObject(item) && Array.isArray(item['evidence']) ? (item['evidence'] as unknown[]) : []
  return list.slice(0, MAX_EVIDENCE).flatMap((one, at) => {
    const name = isObject(one) && one['kind'] === 'commandRef' ? one['name'] : undefined
    // A name that cannot be one is a problem of its own already.
    return typeof name === 'string' && NAME.test(name)
      ? [{ place: `tasks[${index}].evidence[${at}]`, name }]
      : []
  })
}

function taskField(json: unknown, path: readonly PropertyKey[]) {
  const key = path.reduce<string>(
    (before, part) =>
      typeof part === 'number' ? `${before}[]` : before === '' ? String(part) : `${before}.${String(part)}`,
    '',
  )
  const hint = taskHints[key] ?? fallbackHint
  if (key === '') return { hint, keys: Object.keys(taskSchemas().task.shape) }
  const list = isObject(json) && Array.isArray(json['evidence']) ? (json['evidence'] as unknown[]) : []
  const evidence = list[Number(path[1])]
  const named = isObject(evidence) ? evidence['kind'] : null
  if (key !== 'evidence[]' || typeof named !== 'string' || !isEvidenceKind(named)) return { hint, keys: [] }
  return {
    hint: { ...hint, example: evidenceKinds[named].example },
    keys: Object.keys(taskSchemas().evidence[named].shape),
  }
}
