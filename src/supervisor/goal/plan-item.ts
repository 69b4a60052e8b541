import path from 'node:path'
import { type Sha256, sha256 } from '../../base/hash.ts'
import { type Failure, type Result, err, ok } from '../../base/result.ts'
import { shellWord } from '../../base/shell-word.ts'
import { oneLine, withoutControls } from '../../base/text.ts'
import type { BacklogProblem, Item } from '../../backlog/item.ts'
import { lint } from '../../backlog/lint.ts'
import { parseItem } from '../../backlog/parse-item.ts'
import { problemLines } from '../../contract/file/problem-lines.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import type { FrozenItem, GoalTerms } from '../record/events.ts'

/** The one item of a batch that works towards a goal. It has no number, so that it is none of a backlog. */
export const GOAL_ITEM = 'goal'
/** Under which its front matter is read as that of an item. */
const READ_AS = '001-goal.md'

/** A title leaves room for the number of the iteration in the subject of a commit. */
const MOST_TITLE = 80

/** Of everything that a person says yes to. Pure. */
export function goalDigest(file: string, text: string, terms: GoalTerms): Sha256 {
  return sha256(JSON.stringify([file, text, terms]))
}

/**
 * The plan of a goal as an item: its front matter is that of items, what follows is text for the agent alone, in which no line is a
 * task or its proof. Errors: every problem of the front matter and of the scope, by the plan's file. Pure.
 */
export function goalItem(
  { file, digest, text, goal }: Omit<FrozenItem, 'id'>,
  config: ProjectConfig,
): Result<Item, readonly BacklogProblem[]> {
  const { front, body } = partsOf(text)
  const title = titleOf(body, file)
  const typed = goal?.scope ?? []
  const scope = typed.length === 0 ? [] : [`scope: ${JSON.stringify(typed)}`]
  const lines = ['---', ...front, ...scope, '---', `# ${title}`, '']
  const parsed = parseItem(READ_AS, lines.join('\n'), config)
  if (!parsed.ok) return err(parsed.error.map((one) => ({ ...one, file })))
  const item: Item = {
    ...parsed.value,
    id: GOAL_ITEM,
    file,
    text,
    digest,
    title,
    prompt: body,
    allowVacuous: false,
    ...(goal === undefined ? {} : { goal }),
  }
  const problems = lint([item], config)
  return problems.length > 0 ? err(problems) : ok(item)
}

/** Problems of a plan, each with its line. Code: invalid-goal. */
export function goalFailure(file: string, problems: readonly BacklogProblem[]): Failure {
  return {
    code: 'invalid-goal',
    message: problems.map((one) => problemLines(one.file, one)).join('\n'),
    fix: `autonomous-loop run --goal ${shellWord(file)} --scope 'src/**', or "scope" in the front matter of ${file}`,
    data: { problems },
  }
}

function partsOf(text: string): { readonly front: readonly string[]; readonly body: string } {
  const plain = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')
  const [, front, body] = /^---[ \t]*\n([^]*?\n)?---[ \t]*(?:\n([^]*))?$/.exec(plain) ?? [null, null, null]
  if (front === null) return { front: [], body: plain.trim() }
  return { front: (front ?? '').split('\n').slice(0, -1), body: (body ?? '').trim() }
}

/** The first line that says something. */
function titleOf(body: string, file: string): string {
  const lines = withoutControls(body)
    .split('\n')
    .map((line) => oneLine(line.replace(/^[\s#>*-]+/, ''), MOST_TITLE))
  return lines.find((line) => line !== '') ?? path.posix.basename(file)
}
