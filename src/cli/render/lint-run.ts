import { askedFor } from '../../contract/evidence-kinds.ts'
import type { RunAtBase } from '../../supervisor/batch/lint-run.ts'
import { type Doc, columns, quiet, strong, warn } from './doc.ts'

export function ranFields({ commit, red, held, met, uncheckable }: RunAtBase): object {
  return {
    commit,
    red,
    held: held.map(({ item, task, index, evidence }) => ({ item, task, index, evidence })),
    met,
    without_failing_check: uncheckable,
  }
}

/** What the commit says before anybody worked: what fails, what holds, and whose proof is only that something changes. */
export function ranDoc({ commit, red, held, uncheckable }: RunAtBase): Doc {
  return [
    [
      `On ${commit.slice(0, 12)}, before anybody works, `,
      red.length === 0 ? 'every gate passes' : warn(`these fail: ${red.join(', ')}`),
      held.length === 0 ? '' : ', and this holds already:',
    ],
    ...columns(
      held.map(({ item, task, evidence }) => [strong(item), task, quiet(askedFor(evidence))]),
      2,
    ),
    ...(uncheckable.length === 0
      ? []
      : [
          [
            warn(
              `${uncheckable.length} ${uncheckable.length === 1 ? 'item has' : 'items have'} no check that fails today: `,
            ),
            uncheckable.join(', '),
            quiet(' (any change in the scope does, as long as the gates pass)'),
          ],
        ]),
  ]
}
