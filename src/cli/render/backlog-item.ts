import { hasImplicitTask } from '../../contract/implicit-task.ts'
import { askedFor } from '../../contract/evidence-kinds.ts'
import type { BacklogEntry, BacklogView } from '../../views/backlog.ts'
import { entryFields, standingWords } from './backlog.ts'
import { type Doc, type Line, columns, good, quiet, strong, warn } from './doc.ts'
import { gatesOf, proofOf } from './item-proof.ts'

export function itemFields(view: BacklogView, entry: BacklogEntry): object {
  const { item } = entry
  return {
    ok: true,
    repo_root: view.root,
    batch: view.batch,
    ...entryFields(entry),
    waited_for_by: waitersOf(view, item.id),
    tasks: hasImplicitTask(item.contract) ? [] : item.contract.tasks,
    proof: proofOf(item),
    gates: gatesOf(item, view.config),
    prompt: item.prompt,
    in_batch: entry.inBatch,
    problems: view.problems.filter((one) => one.file === item.file),
  }
}

/** One item for a person: all that its file says, what proves it, and how it stands. */
export function itemDoc(view: BacklogView, entry: BacklogEntry): Doc {
  const { item, standing } = entry
  const { tasks } = item.contract
  const stands = standingWords({ ...entry, item: { ...item, after: [] } })
  const limits = Object.entries(item.limits).map(([name, most]) => `${name} ${most}`)
  const rows: Line[] = [
    row('file', [item.file]),
    [quiet('accepted'), standing === 'accepted' ? good('as it is') : warn(`no: its content is ${standing}`)],
    row('batch', stands === '' ? [] : [stands]),
    row('after', item.after),
    row('before', waitersOf(view, item.id)),
    row('scope', item.scope),
    row('priority', [String(item.priority)]),
    row('exclusive', item.exclusive),
    row('mends', item.mends),
    row('agent', item.agent === null ? [] : [item.agent]),
    row('review', item.review === null ? [] : item.review.length === 0 ? ['nobody'] : item.review),
    row('limits', limits),
    row('vacuous', item.allowVacuous ? ['evidence that holds already is accepted'] : []),
    row('gates', gatesOf(item, view.config)),
    row('digest', [item.digest]),
  ]
  return [
    [strong(item.id), ' ', strong(item.title)],
    ...columns(
      rows.filter((one) => one.length > 1),
      2,
    ),
    'Proof:',
    ...(hasImplicitTask(item.contract)
      ? ['  anything in the scope changed']
      : tasks.flatMap((task): Doc => [
          ['  ', strong(task.id), ` ${task.title}`, quiet(task.required ? '' : ' (optional)')],
          ...task.evidence.map((one): Line => [quiet('    - '), askedFor(one)]),
        ])),
    'What the agent reads:',
    ...item.prompt.split('\n').map((line) => `  ${line}`),
    ...view.problems
      .filter((one) => one.file === item.file)
      .map((one): Line => [warn(`line ${one.line}, ${one.path}: `), one.found]),
  ]
}

function row(name: string, words: readonly string[]): Line {
  return words.length === 0 ? [] : [quiet(name), words.join(', ')]
}

/** Ids of the items that name it in `after`. */
function waitersOf({ entries }: BacklogView, id: string): readonly string[] {
  return entries.filter(({ item }) => item.after.includes(id)).map(({ item }) => item.id)
}
