import type { ForeignBacklog, LeftOut } from '../../backlog/import/drafts.ts'
import { type ImportPlan, planImport } from '../../backlog/import/plan.ts'
import { fileOf } from '../../backlog/parse-item.ts'
import { type BacklogFiles, lookAtBacklog, takenIds } from '../../backlog/read-backlog.ts'
import type { Item } from '../../backlog/item.ts'
import { type Result, err, fail, ok } from '../../base/result.ts'
import { parseWholeConfig } from '../../contract/whole-config.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import { problemsFailure } from '../../records/policy.ts'
import { withCommands } from './config-commands.ts'

/** What a person is asked about: the plan, and what would lie there then. */
export interface Import {
  readonly plan: ImportPlan
  /** The new items as they will be read. */
  readonly items: readonly Item[]
  readonly configText: string
  readonly config: ProjectConfig
}

export interface ImportGround {
  readonly files: BacklogFiles
  readonly config: { readonly path: string; readonly text: string }
  readonly scope: readonly string[]
}

/**
 * A source as items that lint finds nothing wrong with; a task whose item it does is refused. Pure. Codes: import-broken,
 * import-nothing, invalid-config.
 */
export function settledImport(source: ForeignBacklog, ground: ImportGround): Result<Import> {
  const { files, config: file, scope } = ground
  const now = parseWholeConfig(file.text, file.path)
  if (!now.ok) return err(problemsFailure('invalid-config', file.path, now.error))
  const ids = takenIds(files)
  const faults = new Map<string, string>()
  for (;;) {
    const plan = planImport(source, { config: now.value, ids, scope, faults })
    if (plan.broken.length > 0) return broken(plan.broken)
    if (plan.items.length === 0) return nothing(source, plan)
    const configText = withCommands(file.text, plan.commands)
    const config = parseWholeConfig(configText, file.path)
    if (!config.ok) return err(problemsFailure('invalid-config', file.path, config.error))
    const texts = plan.items.map(({ name, text }) => ({ name, text }))
    const look = lookAtBacklog({ problems: files.problems, texts: [...files.texts, ...texts] }, config.value)
    const names = new Map(plan.items.map((one) => [fileOf(one.name), one.from.key]))
    const wrong = look.problems.flatMap((one) => {
      const key = names.get(one.file)
      return key === undefined ? [] : [[key, `${one.path}: ${one.found}; allowed: ${one.allowed}`] as const]
    })
    if (wrong.length === 0)
      return ok({
        plan,
        items: look.items.filter((one) => names.has(one.file)),
        configText,
        config: config.value,
      })
    for (const [key, why] of wrong) if (!faults.has(key)) faults.set(key, why)
  }
}

function broken(problems: readonly LeftOut[]): Result<never> {
  const lines = problems.map(({ file, line, what }) => `  ${file}:${line}  ${what}`)
  return fail('import-broken', `nothing was imported\n${lines.join('\n')}`, { data: { problems } })
}

/** No task at all is never "all done". */
function nothing({ tasks }: ForeignBacklog, { done, refused, left }: ImportPlan): Result<never> {
  const lines = [
    ...refused.map(({ task, why }) => `  ${task.file}:${task.line}  ${task.key}: ${why}`),
    ...left.map(({ file, line, what }) => `  ${file}:${line}  ${what}`),
  ].slice(0, 50)
  const why =
    tasks.length === 0
      ? 'no task can be read there'
      : done.length === tasks.length
        ? `all ${done.length} tasks are done there`
        : 'no task of it can become an item'
  return fail('import-nothing', [why, ...lines].join('\n'), {
    data: { left, refused: refused.map(({ task, why: what }) => ({ key: task.key, what })) },
  })
}
