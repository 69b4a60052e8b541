import { oneLine } from '../../base/text.ts'
import { never } from '../../base/result.ts'
import { proposalWords } from '../../supervisor/effects/prompt.ts'
import type { Waiting } from '../../supervisor/decide/waiting.ts'
import type { ItemView } from '../../views/batch-item.ts'
import type { BatchView } from '../../views/batch-status.ts'
import { goalLines, goalWords } from './batch-goal.ts'
import { type Doc, type Line, type Span, bad, columns, good, quiet, strong } from './doc.ts'

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
      `; ${view.goal === null ? `${done} of ${view.items.length} items done` : goalWords(view.goal)}`,
    ],
    ...columns(view.items.map(itemLine), 2),
    ...(view.goal === null ? [] : goalLines(view.goal)),
    ...(view.new_items.length === 0
      ? []
      : [`  New in the backlog, and not in this batch: ${view.new_items.join(', ')}`]),
    ...budgetLines(view),
    ...(published === null || published.branch === ''
      ? []
      : [`The work is on the branch ${published.branch}.`]),
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

function itemLine(item: ItemView): Line {
  const { id, file, state, stage, turn, age, waits_for, edited, code, why, commit, proposal } = item
  const attempt = item.attempt === 0 ? '' : `attempt ${item.attempt}`
  const work =
    stage === null ? [] : [stage, ...(turn ? [`turn ${turn}`] : []), ...(age === null ? [] : [`${age} s`])]
  const waits = waits_for === null ? [] : [waitingWords(waits_for)]
  const said = proposal === null ? code : `${code} of ${proposalWords(proposal.kind)}`
  const parked = code === null ? [] : [why === null ? `${said}` : `${said}: ${oneLine(why, 120)}`]
  const differs = edited && waits_for?.kind !== 'unaccepted' ? ['its file was edited'] : []
  const spent = [
    ...(item.tokens === 0 ? [] : [`${item.tokens.toLocaleString('en')} tokens`]),
    ...(item.minutes < 0.1 ? [] : [`${item.minutes.toLocaleString('en')} min`]),
  ]
  const rest = [
    ...work,
    ...waits,
    ...parked,
    ...differs,
    ...spent,
    ...(commit === null ? [] : [commit.slice(0, 12)]),
  ]
  return [id, mark(state), attempt, rest.join(', '), quiet(file)]
}

function mark(state: ItemView['state']): string | Span {
  if (state === 'done') return good(state)
  return state === 'parked' ? bad(state) : state
}

const HELD: Readonly<Record<Extract<Waiting, { kind: 'held' }>['why'], string>> = {
  'config-changed': 'the config has changed',
  'approval-withdrawn': 'nobody approves the config any more',
  'disk-low': 'too little room on the disk',
}

const AGENT: Readonly<Record<Extract<Waiting, { kind: 'agent' }>['why'], (agent: string) => string>> = {
  failures: (agent) => `the agent ${agent} failed too often`,
  'signed-out': (agent) => `the agent ${agent} is not signed in`,
  'model-unknown': (agent) => `the agent ${agent} has no such model`,
}

export function waitingWords(waiting: Waiting): string {
  switch (waiting.kind) {
    case 'after':
      return `after ${waiting.items.join(', ')}`
    case 'unaccepted':
      return 'its file is not accepted'
    case 'held':
      return HELD[waiting.why]
    case 'agent':
      return `${AGENT[waiting.why](waiting.agent)}${waiting.said === undefined ? '' : `: ${oneLine(waiting.said, 200)}`}`
    case 'mends':
      return `${waiting.item} mends a gate first`
    case 'exclusive':
      return `never at the same time as ${waiting.item}`
    case 'ticket':
      return `${waiting.item} is integrated first`
    case 'until':
      return `until ${clock(waiting.at)}: ${waiting.agent === undefined ? '' : `${waiting.agent}, `}${waiting.why}`
    default:
      return never(waiting, 'what an item waits for')
  }
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
  const shown = (figure: number): string => figure.toLocaleString('en')
  return limit === null ? shown(spent) : `${shown(spent)} of ${shown(limit)}`
}

function clock(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 5)
}
