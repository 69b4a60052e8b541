import { oneLine } from '../../base/text.ts'
import type { ItemStatus } from '../../backlog/order.ts'
import type { BatchView } from '../../views/batch-status.ts'
import { ago } from './ago.ts'
import { goalLines, goalWords } from './batch-goal.ts'
import { type Folded, itemLines } from './batch-items.ts'
import { clock } from './clock.ts'
import { type Doc, type Line, bad, quiet, strong } from './doc.ts'

/** Where the work of a batch is published, as far as the process that works at it knows. */
export interface Published {
  readonly branch: string
  readonly note: string | null
}

/** What a person sees of a batch: how it stands, a line for each item, and what comes next. `now` in ms. */
export function batchDoc(
  view: BatchView,
  now: number,
  published: Published | null = null,
  folded: Folded = 'none',
): Doc {
  const branch = published?.branch || view.branch
  return [
    headLine(view, now),
    ...itemLines(view.items, folded),
    ...(view.goal === null ? [] : goalLines(view.goal)),
    ...(view.new_items.length === 0
      ? []
      : [`  New in the backlog, and not in this batch: ${view.new_items.join(', ')}`]),
    ...budgetLines(view),
    ...(branch === null || branch === '' ? [] : [workLine(view, branch)]),
    ...(view.pull_request === null ? [] : [`Pull request: ${view.pull_request}`]),
    ...(published?.note ? [[bad('not published: '), oneLine(published.note, 300)]] : []),
    ...(view.detached === null
      ? []
      : [
          `It is detached${view.detached.restarts === 0 ? '' : `, and was started again ${view.detached.restarts} times in the last hour`}: autonomous-loop attach`,
        ]),
    ...(view.waiting ? ['A process waits for more to do. To end it: autonomous-loop stop'] : []),
    ...(view.next === null ? [] : ['', [quiet('next: '), view.next]]),
  ]
}

/** One that is completed is told in a few lines beside sessions. `now` in ms. */
export function batchBeside(view: BatchView, now: number, folded: Folded): Doc {
  if (view.state !== 'completed') return batchDoc(view, now, null, folded)
  return [
    headLine(view, now),
    ...(view.branch === null ? [] : [workLine(view, view.branch)]),
    ...(view.next === null ? [] : [[quiet('next: '), view.next]]),
  ]
}

function headLine(view: BatchView, now: number): Line {
  const why = [view.code, view.why].filter((one) => one !== null).join(': ')
  const many = (state: ItemStatus): number => view.items.filter((one) => one.state === state).length
  const parked = many('parked')
  const since = ago(view.at, now)
  return [
    strong(`Batch ${view.batch}`),
    ` is ${view.state}`,
    why === '' ? '' : ` (${oneLine(why, 200)})`,
    view.goal === null ? `; ${many('done')} of ${view.items.length} items done` : `; ${goalWords(view.goal)}`,
    view.goal === null && parked > 0 ? `, ${parked} parked` : '',
    quiet(`; last event ${since}`),
  ]
}

function workLine({ landed, head, target }: BatchView, branch: string): string {
  return landed === head && target !== null
    ? `The work is on ${target}, and on the branch ${branch}.`
    : `The work is on the branch ${branch}.`
}

const SUSPENDED: Readonly<Record<string, string>> = {
  quota: 'its quota is used up',
  overloaded: 'its service is overloaded',
  network: 'its service cannot be reached',
  'in-use': 'somebody else has its conversation open',
}

function budgetLines({ budget, agents }: BatchView): Doc {
  const { attempts, attempts_asked, until, spawns_left, tokens, tokens_limit, minutes, minutes_limit } =
    budget
  const parts = [
    `${attempts}${attempts_asked === null ? '' : ` of ${attempts_asked}`} ${attempts === 1 && attempts_asked === null ? 'attempt' : 'attempts'}`,
    ...(tokens === 0 && tokens_limit === null ? [] : [`${used(tokens, tokens_limit)} tokens`]),
    ...(minutes === 0 && minutes_limit === null ? [] : [`${used(minutes, minutes_limit)} minutes`]),
    ...(spawns_left === null ? [] : [`${spawns_left} starts of agents left today`]),
    ...(until === null ? [] : [`until ${clock(Date.parse(until))}`]),
    ...agents.map(
      ({ name, until: at, why }) => `${name} waits until ${clock(Date.parse(at))}: ${SUSPENDED[why] ?? why}`,
    ),
  ]
  return [[quiet(`  ${parts.join(', ')}`)]]
}

function used(spent: number, limit: number | null): string {
  const shown = (figure: number): string => figure.toLocaleString('en', { maximumFractionDigits: 1 })
  return limit === null ? shown(spent) : `${shown(spent)} of ${shown(limit)}`
}
