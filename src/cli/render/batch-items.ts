import { readItemName } from '../../backlog/item-id.ts'
import type { ItemStatus } from '../../backlog/order.ts'
import { oneLine, shortened } from '../../base/text.ts'
import { proposalWords } from '../../supervisor/effects/prompt.ts'
import type { StageName } from '../../supervisor/decide/table.ts'
import type { ItemView } from '../../views/batch-item.ts'
import { spanWords } from './ago.ts'
import { waitingWords } from './batch-waiting.ts'
import { type Doc, type Line, type Span, bad, columns, good, quiet, strong } from './doc.ts'

/** Which items share a line with others that stand as they do: those that are over, or all that nobody works at or has to look at. */
export type Folded = 'none' | 'over' | 'idle'

const FOLDED: Readonly<Record<Folded, readonly ItemStatus[]>> = {
  none: [],
  over: ['done', 'dropped'],
  idle: ['done', 'dropped', 'ready', 'waiting'],
}

/** A line for each item, with what it is at or waits for. */
export function itemLines(items: readonly ItemView[], folded: Folded): Doc {
  const together = FOLDED[folded]
  const shared = together.flatMap((state): Line[] => {
    const nths = items.flatMap((one, nth) => (one.state === state ? [nth] : []))
    return nths.length === 0 ? [] : [['  ', mark(state), `: ${rangesOf(nths, items)}`]]
  })
  return [
    ...columns(
      items.filter((one) => !together.includes(one.state)).map((one) => itemLine(one)),
      2,
    ),
    ...shared,
  ]
}

function itemLine(item: ItemView): Line {
  return [quietName(item), mark(item.state), partsOf(item).join(', ')]
}

const MOST_NAME = 24

/** Its number and what its file is called besides. */
function quietName({ id, file }: Pick<ItemView, 'id' | 'file'>): string {
  const name = file.slice(file.lastIndexOf('/') + 1)
  return shortened(`${id} ${readItemName(name)?.slug ?? name}`, MOST_NAME)
}

const STAGES: Readonly<Record<StageName, string>> = {
  worktree: 'its worktree is made',
  plan: 'is planned',
  ready: 'before a turn',
  working: 'at work',
  turned: 'its turn has ended',
  candidate: 'to be judged',
  doubted: 'red; the head is asked too',
  review: 'is reviewed',
  released: 'passed, before the head',
  integrating: 'moves the head',
  integrated: 'in the head',
  ending: 'is put away',
}

function partsOf(item: ItemView): readonly string[] {
  const { stage, turn, age, silent, agent, waits_for, edited, code, why, commit, proposal, attempt } = item
  const isOpen = item.state !== 'done' && item.state !== 'dropped'
  const since = age === null || age < 1 ? '' : ` for ${spanWords(age)}`
  const said = proposal === null ? code : `${code} of ${proposalWords(proposal.kind)}`
  return [
    ...(code === null ? [] : [why === null ? `${said}` : `${said}: ${oneLine(why, 120)}`]),
    ...(attempt === 0 ? [] : [`attempt ${attempt}`]),
    ...(turn && isOpen ? [`turn ${turn}`] : []),
    ...(stage === null || !isOpen || code !== null ? [] : [`${STAGES[stage]}${since}`]),
    ...(silent === null || silent < SILENT ? [] : [`silent for ${spanWords(silent)}`]),
    ...(stage === null || !isOpen || agent === null ? [] : [agent]),
    ...(waits_for === null ? [] : [waitingWords(waits_for)]),
    ...(edited && waits_for?.kind !== 'unaccepted' ? ['its file was edited'] : []),
    ...(commit === null ? [] : [commit.slice(0, 12)]),
    ...spentOf(item),
  ]
}

/** Shorter pauses are how agents work. */
const SILENT = 30

function spentOf({ tokens, minutes }: ItemView): readonly string[] {
  return [
    ...(tokens === 0 ? [] : [`${tokens.toLocaleString('en')} tokens`]),
    ...(minutes < 0.1 ? [] : [`${minutes.toLocaleString('en', { maximumFractionDigits: 1 })} min`]),
  ]
}

function mark(state: ItemStatus): string | Span {
  switch (state) {
    case 'done':
      return good(state)
    case 'parked':
      return bad(state)
    case 'working':
    case 'integrating':
      return strong(state)
    case 'waiting':
    case 'dropped':
      return quiet(state)
    case 'ready':
    case 'suspended':
      return state
    default:
      return state satisfies never
  }
}

/** `001 to 014, 016`: those that follow each other in the backlog are a range. */
function rangesOf(nths: readonly number[], items: readonly ItemView[]): string {
  const ranges: { from: number; to: number }[] = []
  for (const nth of nths) {
    const last = ranges.at(-1)
    if (last?.to === nth - 1) last.to = nth
    else ranges.push({ from: nth, to: nth })
  }
  const id = (nth: number): string => items[nth]?.id ?? ''
  return ranges
    .map(({ from, to }) =>
      from === to ? id(from) : `${id(from)}${to === from + 1 ? ', ' : ' to '}${id(to)}`,
    )
    .join(', ')
}
