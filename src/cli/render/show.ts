import { oneLine } from '../../base/text.ts'
import { proposalWords } from '../../supervisor/effects/prompt.ts'
import { failureWords } from '../../supervisor/effects/failure-words.ts'
import type { ItemView } from '../../views/batch-item.ts'
import { durationWords } from '../../views/events-view.ts'
import type { AttemptRecord } from '../../views/show/attempts.ts'
import { claimOf, spentIn } from '../../views/show/claims.ts'
import type { ShownAttempt, ShownItem } from '../../views/show/show-item.ts'
import type { Texts } from '../../views/show/texts.ts'
import { waitingWords } from './batch-waiting.ts'
import { type Doc, type Line, type Span, bad, columns, good, quiet, strong } from './doc.ts'
import { quoted } from './quoted.ts'
import { lookLines } from './show-looks.ts'
import { logLines, promptLines } from './show-texts.ts'
import { planLines } from './show-plan.ts'
import { workLines } from './show-work.ts'

/** Of what others wrote, on one line. Characters. */
const MOST = 300

/** One item for a person: how it stands first, then what its agent claimed, what was verified, and the rest below. */
export function showDoc(view: ShownItem, texts: Texts, now: number): Doc {
  const { item, shown, attempts, next } = view
  const reasons = itemReasons(item)
  return [
    [strong(`${item.id} ${oneLine(view.title, 100)}`)],
    ...columns(
      [
        ['state', stateSpan(view), ...(reasons.length === 0 ? [] : [`: ${reasons.join('; ')}`])],
        [quiet('file'), item.file],
        [quiet('batch'), `${view.batch.batch}, ${view.batch.state}`],
        [quiet('spent'), spentWords(item.tokens, item.minutes)],
      ].map(twoCells),
      2,
    ),
    '',
    [strong('Attempts')],
    ...(attempts.length === 0
      ? ['  nobody has worked at it yet']
      : columns(
          attempts.map((one) => attemptLine(one, one.attempt === shown?.record.attempt)),
          2,
        )),
    ...(shown === null ? [] : attemptLines(shown, texts, now)),
    ...(next === null ? [] : ['', [quiet('next: '), strong(next)]]),
  ]
}

/** The first cell, and the others as one. */
function twoCells([first = '', ...rest]: Line): Line {
  const words = rest.map((part) => (typeof part === 'string' ? part : part.text)).join('')
  return [typeof first === 'string' ? quiet(first) : first, rest.length === 1 ? rest[0]! : words]
}

function stateSpan({ item }: ShownItem): Span | string {
  return item.state === 'done' ? good(item.state) : item.state === 'parked' ? bad(item.state) : item.state
}

/** Why an item stands where it stands, each in a few words. */
export function itemReasons(item: ItemView): readonly string[] {
  const { stage, turn, waits_for: waits, code, why, edited, proposal, commit } = item
  return [
    ...(stage === null ? [] : [`stage ${stage}${turn ? `, turn ${turn}` : ''}`]),
    ...(waits === null ? [] : [waitingWords(waits)]),
    ...(code === null ? [] : [code]),
    ...(why === null ? [] : [oneLine(why, MOST)]),
    ...(proposal === null ? [] : [`attempt ${proposal.attempt} proposes ${proposalWords(proposal.kind)}`]),
    ...(edited && waits?.kind !== 'unaccepted' ? ['its file was edited'] : []),
    ...(commit === null ? [] : [`commit ${commit.slice(0, 12)} is in the head`]),
  ]
}

function spentWords(tokens: number, minutes: number): string {
  const shown = (figure: number): string => figure.toLocaleString('en')
  return `${tokens === 0 ? 'tokens unknown' : `${shown(tokens)} tokens`}, ${shown(minutes)} min of turns and judging`
}

function attemptLine(one: AttemptRecord, isShown: boolean): Line {
  const { tokens, ms } = spentIn(one)
  const { attempt, agent, turns, readers, ended } = one
  const starts = turns.length + readers.length
  const spent = [
    `${starts} ${starts === 1 ? 'start' : 'starts'}`,
    ...(tokens === 0 ? [] : [`${tokens.toLocaleString('en')} tokens`]),
    durationWords(ms),
  ]
  return [
    isShown ? strong(`${attempt}`) : `${attempt}`,
    endingSpan(one),
    quiet(`${agent}, ${spent.join(', ')}${ended?.failure == null || ended.counted ? '' : ', not counted'}`),
  ]
}

export function endingSpan({ ended }: AttemptRecord): Span | string {
  if (ended === null) return 'open'
  return ended.failure === null ? good('in the head') : bad(failureWords(ended.failure))
}

function attemptLines(shown: ShownAttempt, texts: Texts, now: number): Doc {
  const { record } = shown
  return [
    '',
    [strong(`Attempt ${record.attempt}`), ' from ', record.base.slice(0, 12)],
    ...claimLines(record),
    ...verifiedLines(shown),
    ...planLines(record),
    ...workLines(shown, texts.patch),
    ...lookLines(shown, now),
    ...promptLines(shown, texts),
    ...logLines(shown, texts),
  ]
}

function claimLines(record: AttemptRecord): Doc {
  const claim = claimOf(record)
  if (claim === null) return [[quiet('  claimed   '), 'nothing']]
  return [
    [quiet('  claimed   '), `${claim.status}, in turn ${claim.turn}; nobody checked these words:`],
    ...quoted(claim.summary === '' ? '(no words)' : oneLine(claim.summary, 1000), 12),
  ]
}

function verifiedLines({ record, judgings }: ShownAttempt): Doc {
  const { integrated, looks } = record
  const last = looks.findLast((one) => one.kind === 'judged')
  if (integrated === null || last?.kind !== 'judged')
    return [[quiet('  verified  '), 'nothing of this attempt is in the head']]
  const passed = judgings
    .get(last.verdict.ledgerHead)
    ?.explanation.judgement.commands.filter((one) => one.outcome === 'passed')
    .map((one) => one.name)
  return [
    [
      quiet('  verified  '),
      good('in the head'),
      ` as ${integrated.commit.slice(0, 12)}; on its tree ${last.verdict.tree.slice(0, 12)}`,
      passed === undefined
        ? ' nobody can tell which gates passed: the record of it is gone'
        : ` passed: ${passed.length === 0 ? 'no gate was asked' : passed.join(', ')}`,
    ],
  ]
}
