import { newItemText } from '../../backlog/edit-front.ts'
import type { Item } from '../../backlog/item.ts'
import { lookAtBacklog } from '../../backlog/read-backlog.ts'
import { type Result, err, fail, ok } from '../../base/result.ts'
import { oneLine } from '../../base/text.ts'
import { evidenceKinds, isEvidenceKind } from '../../contract/evidence-kinds.ts'
import { where } from '../../contract/problem.ts'
import { supervisorOf } from '../../contract/supervisor/settings.ts'
import type { Problem, ProjectConfig } from '../../contract/types.ts'
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
const TASK = 'It is there'

/** What one proof means: a line that is checked, or words. */
interface Proof {
  readonly line: string
  readonly checked: boolean
}

/** The one item that a task comes to. Codes: no-objective, invalid-contract, and those of unfitItems. Pure. */
export function typedItem(task: TypedTask, config: ProjectConfig): Result<readonly FrozenItem[]> {
  if (task.text.trim() === '')
    return fail('no-objective', '--task says nothing', { fix: 'run --task "..." --scope "src/**"' })
  const proof = task.proof.flatMap((one) =>
    one.split('\n').filter((line, at) => at === 0 || line.trim() !== ''),
  )
  const wrong = proof.flatMap(proofProblems)
  if (wrong.length > 0) return err(problemsFailure('invalid-contract', 'the task', wrong))
  const proofs = proof.map(proofOf)
  const { items, problems } = lookAtBacklog(
    { texts: [{ name: NAME, text: textOf(task, proofs) }], problems: [] },
    config,
  )
  const all = problems.length > 0 ? problems : hiddenProofs(items, proofs)
  if (all.length > 0) return err(problemsFailure('invalid-contract', 'the task', all))
  const unfit = unfitItems(items, supervisorOf(config))
  return unfit ?? ok(items.map(({ id, file, digest, text }) => ({ id, file, digest, text, typed: true })))
}

/** Without the marks of lists and of code that people copy along. */
const bare = (typed: string): string =>
  typed
    .trim()
    .replace(/^[-*+](?: +|$)/, '')
    .replace(/^\[[ xX]\] +/, '')
    .replace(/^`([^`]*)`$/, '$1')
    .trim()

/** But for addresses: `https://a.org`, `localhost:80`. */
const KIND = /^([\w-]+)\s*:(?!\/\/|\d)\s*/

function proofOf(typed: string): Proof {
  const line = bare(typed)
  const [begin = '', word = ''] = KIND.exec(line) ?? []
  return isEvidenceKind(word)
    ? { line: `${word}: ${line.slice(begin.length)}`, checked: true }
    : { line, checked: false }
}

/** As in a contract a word and a colon say what is checked; one that says nothing known would be checked by nobody. */
function proofProblems(typed: string, at: number): readonly Problem[] {
  const line = bare(typed)
  const word = KIND.exec(line)?.[1]
  const isKnown = word === undefined ? line !== '' : isEvidenceKind(word)
  return isKnown
    ? []
    : [
        {
          path: where('proof', [at]),
          found: JSON.stringify(word ?? ''),
          allowed: `${Object.keys(evidenceKinds).join(', ')} and a colon, or words that do not begin with a word and a colon`,
          example: 'pathExists: docs/a.md',
        },
      ]
}

/** What stands behind a block of code that has no end is part of it. */
function hiddenProofs(items: readonly Item[], proofs: readonly Proof[]): readonly Problem[] {
  const many = proofs.filter((one) => one.checked).length
  const seen = items.flatMap(({ contract }) => contract.tasks).find(({ title }) => title === TASK)
  return many === (seen?.evidence.length ?? 0)
    ? []
    : [
        {
          path: 'text',
          found: 'a block of code without an end, which hides what is to be proved',
          allowed: 'blocks of code that end',
          example: '```',
        },
      ]
}

function textOf({ text, scope }: TypedTask, proofs: readonly Proof[]): string {
  const [first = '', ...rest] = text.trim().split('\n')
  const checked = proofs.filter((one) => one.checked)
  const words = proofs.filter((one) => !one.checked)
  const parts = [
    rest.join('\n').trim(),
    words.length === 0 ? '' : `Done when:\n\n${words.map(({ line }) => `${line}\n`).join('\n')}`,
    checked.length === 0 ? '' : `## T1: ${TASK}\n${checked.map(({ line }) => `- ${line}\n`).join('')}`,
  ]
  const title = oneLine(first.replace(/^#+ +/, ''), 200)
  return newItemText({ scope }, title, parts.filter((part) => part !== '').join('\n\n'))
}
