import { oneLine } from '../../base/text.ts'
import type { BatchView, ItemView } from '../../views/batch-status.ts'
import { type Doc, bad, good, quiet, strong } from './doc.ts'

/** What a person sees of a batch: how it stands, a line for each item, and what comes next. */
export function batchDoc(
  view: BatchView,
  published: { readonly branch: string; readonly note: string | null } | null,
): Doc {
  const done = view.items.filter((one) => one.state === 'done').length
  const why = [view.code, view.why].filter((one) => one !== null).join(': ')
  return [
    [
      strong(`Batch ${view.batch}`),
      ` is ${view.state}`,
      why === '' ? '' : ` (${oneLine(why, 200)})`,
      `; ${done} of ${view.items.length} items done`,
    ],
    ...view.items.map(itemLine),
    ...(published === null || published.branch === ''
      ? []
      : [`The work is on the branch ${published.branch}.`]),
    ...(published?.note ? [[bad('not published: '), oneLine(published.note, 300)]] : []),
    ...(view.next === null ? [] : ['', [quiet('next: '), view.next]]),
  ]
}

function itemLine({ id, file, state, stage, attempt, turn, age, code, why, commit }: ItemView): Doc[number] {
  const mark = state === 'done' ? good('done') : state === 'parked' ? bad('parked') : state
  const at =
    stage === null
      ? ''
      : `  ${stage}, attempt ${attempt}${turn === null ? '' : `, turn ${turn}`}${age === null ? '' : `, ${age} s`}`
  const reason = code === null ? '' : `  ${code}${why === null ? '' : `: ${oneLine(why, 120)}`}`
  return [
    `  ${id}  `,
    mark,
    `${at}${reason}${commit === null ? '' : `  ${commit.slice(0, 12)}`}`,
    '  ',
    quiet(file),
  ]
}
