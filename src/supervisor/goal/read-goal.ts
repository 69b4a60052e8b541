import fs from 'node:fs'
import path from 'node:path'
import type { Item } from '../../backlog/item.ts'
import { readFileSafe } from '../../base/read-file.ts'
import { type Result, err, fail, ok } from '../../base/result.ts'
import { isWithin, realPath } from '../../base/within.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import type { FrozenItem } from '../record/events.ts'
import { MAX_PLAN_BYTES } from './plan-files.ts'
import { GOAL_ITEM, goalDigest, goalFailure, goalItem } from './plan-item.ts'

/** What a person typed. */
export interface GoalAsked {
  /** Relative to where it was typed, or absolute. */
  readonly plan: string
  /** Null: TASK.md beside the plan, if it is there. */
  readonly rules: string | null
  /** Empty: the plan says it. */
  readonly scope: readonly string[]
}

/** A goal as its files say it now. */
export interface GoalNow {
  readonly frozen: FrozenItem
  readonly item: Item
}

const RULES_FILE = 'TASK.md'

/** Reads the plan and the rules of a goal. `root`: the directory of the config, in which both lie. Code: invalid-goal. */
export function readGoal(
  root: string,
  cwd: string,
  { plan, rules, scope }: GoalAsked,
  config: ProjectConfig,
): Result<GoalNow> {
  const at = path.resolve(cwd, plan)
  const beside = path.join(path.dirname(at), RULES_FILE)
  const rulesAt = rules === null ? (fs.existsSync(beside) ? beside : null) : path.resolve(cwd, rules)
  const text = textOf(root, at)
  if (!text.ok) return text
  const ruled = rulesAt === null || rulesAt === at ? ok(null) : textOf(root, rulesAt)
  if (!ruled.ok) return ruled
  const goal = { scope, rules: ruled.value }
  const { file } = text.value
  const frozen = { id: GOAL_ITEM, ...text.value, digest: goalDigest(file, text.value.text, goal), goal }
  const item = goalItem(frozen, config)
  if (!item.ok) return err(goalFailure(file, item.error))
  return item.value.prompt === ''
    ? fail('invalid-goal', `${file} says nothing`, { fix: `write into ${file} what is to be reached` })
    : ok({ frozen, item: item.value })
}

/** Follows no link, so that what is read is what the name says. */
function textOf(root: string, at: string): Result<{ readonly file: string; readonly text: string }> {
  const [top, real] = [realPath(root), realPath(at)]
  if (!isWithin(real, top)) return refused(at, `it lies outside of ${root}`)
  const file = path.relative(top, real).split(path.sep).join('/')
  const bytes = readFileSafe(at, { maxBytes: MAX_PLAN_BYTES })
  if (!bytes.ok) return refused(file, bytes.error.message)
  const text = bytes.value.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes.value)
    ? ok({ file, text })
    : refused(file, 'its bytes are not UTF-8')
}

const refused = (file: string, why: string): Result<never> =>
  fail('invalid-goal', `${file} cannot be the plan or the rules of a goal: ${why}`, {
    fix: 'autonomous-loop run --goal plan.md --task-file TASK.md',
  })
