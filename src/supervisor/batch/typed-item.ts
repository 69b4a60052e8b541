import { newItemText } from '../../backlog/edit-front.ts'
import { lookAtBacklog } from '../../backlog/read-backlog.ts'
import { type Result, err, fail, ok } from '../../base/result.ts'
import { oneLine } from '../../base/text.ts'
import { isEvidenceKind } from '../../contract/evidence-kinds.ts'
import { supervisorOf } from '../../contract/supervisor/settings.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import { problemsFailure } from '../../records/policy.ts'
import type { FrozenItem } from '../record/events.ts'
import { unfitItems } from './unfit.ts'

/** What a person typed in place of a backlog. */
export interface TypedTask {
  /** What is to be done; its first line is the title. */
  readonly text: string
  /** Lines of a contract such as `pathChanged: src/**`, which are checked, or free words, which only the agent reads. */
  readonly proof: readonly string[]
  /** As an item has it. */
  readonly scope: readonly string[]
}

const NAME = '001-task.md'

/** The one item that a task comes to. Codes: no-objective, invalid-contract, and those of unfitItems. Pure. */
export function typedItem(task: TypedTask, config: ProjectConfig): Result<readonly FrozenItem[]> {
  if (task.text.trim() === '')
    return fail('no-objective', '--task says nothing', { fix: 'run --task "..." --scope "src/**"' })
  const { items, problems } = lookAtBacklog(
    { texts: [{ name: NAME, text: textOf(task) }], problems: [] },
    config,
  )
  if (problems.length > 0) return err(problemsFailure('invalid-contract', 'the task', problems))
  const unfit = unfitItems(items, supervisorOf(config))
  return unfit ?? ok(items.map(({ id, file, digest, text }) => ({ id, file, digest, text, typed: true })))
}

function textOf({ text, proof, scope }: TypedTask): string {
  const [first = '', ...rest] = text.trim().split('\n')
  const lines = proof.map((one) => one.trim().replace(/^- +/, ''))
  const checked = lines.filter((one) => isEvidenceKind(/^(\w+):/.exec(one)?.[1] ?? ''))
  const words = lines.filter((one) => !checked.includes(one))
  const parts = [
    rest.join('\n').trim(),
    words.length === 0 ? '' : `Done when:\n\n${words.map((one) => `${one}\n`).join('\n')}`,
    checked.length === 0 ? '' : `## T1: It is there\n${checked.map((one) => `- ${one}\n`).join('')}`,
  ]
  const title = oneLine(first.replace(/^#+ +/, ''), 200)
  return newItemText({ scope }, title, parts.filter((part) => part !== '').join('\n\n'))
}
