import type { BatchThere } from '../../views/batch-here.ts'
import type { StatusHere } from '../status-look.ts'
import { batchBeside } from './batch.ts'
import type { Folded } from './batch-items.ts'
import { type Doc, type Line, bad, columns, quiet, strong } from './doc.ts'
import { statusDoc } from './status.ts'

/** `status` for a person: sessions, then the batch of the repository, or of each one. `now` in ms. */
export function statusHereDoc(found: StatusHere, now: number, all: boolean, folded: Folded): Doc {
  const { batch, batch_problem: problem, batches = [] } = found
  return [
    ...statusDoc(found, now, all),
    ...(batch === null ? [] : ['', ...batchBeside(batch, now, folded)]),
    ...(problem === null
      ? []
      : ['', [bad('the batch cannot be read: '), problem], [quiet('next: '), 'autonomous-loop doctor']]),
    ...(batches.length === 0 ? [] : ['', 'Batches of this machine:', ...columns(batches.map(thereLine), 2)]),
  ]
}

function thereLine({ repo_root: root, state, code, items, done, parked }: BatchThere): Line {
  return [
    code === null ? strong(state) : strong(`${state} (${code})`),
    `${done} of ${items} done${parked === 0 ? '' : `, ${parked} parked`}`,
    quiet(root),
  ]
}
