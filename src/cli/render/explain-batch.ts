import { oneLine } from '../../base/text.ts'
import { failureWords } from '../../supervisor/effects/failure-words.ts'
import { isPassing } from '../../supervisor/record/review.ts'
import type { BatchExplanation, ItemExplanation, OpenItem } from '../../views/show/explain-item.ts'
import type { LookRecord } from '../../views/show/attempts.ts'
import { ago } from './ago.ts'
import { type Doc, type Line, bad, columns, good, quiet, strong } from './doc.ts'
import { verdictLines, verdictSpan } from './explain.ts'
import { restWords } from './rest-words.ts'
import { lookDetails, reviewedSpan } from './show-looks.ts'
import { itemReasons } from './show.ts'

/** Items that are listed. */
const MOST_ITEMS = 50
/** Of what others wrote, on one line. Characters. */
const MOST = 300

/** Why a batch stands where it stands, for a person. */
export function batchWhyDoc({ batch, open }: BatchExplanation): Doc {
  const done = batch.items.length - open.length
  const more = open.length - MOST_ITEMS
  return [
    [strong(`Batch ${batch.batch}`), ` is ${batch.state}`, batch.code === null ? '' : ` (${batch.code})`],
    '',
    [strong('Why')],
    `  ${restWords(batch)}`,
    ...(batch.why === null ? [] : [`  ${oneLine(batch.why, MOST)}`]),
    `  ${done} of ${batch.items.length} items are done or dropped.`,
    ...(open.length === 0
      ? []
      : [
          '',
          [strong('Not done'), quiet('  (one by one: autonomous-loop explain --item <item>)')],
          ...columns(open.slice(0, MOST_ITEMS).map(openLine), 2),
          ...(more > 0 ? [`  and ${more} more`] : []),
        ]),
    ...(batch.next === null ? [] : ['', [quiet('next: '), strong(batch.next)]]),
  ]
}

function openLine({ item, last }: OpenItem): Line {
  const reasons = itemReasons(item)
  const ended = last?.ended?.failure
  return [
    item.id,
    item.state,
    oneLine(
      [
        ...reasons,
        ...(ended == null ? [] : [`attempt ${last?.attempt}: ${failureWords(ended)}`]),
        ...(last === null || last.look === null ? [] : [lookWords(last.look)]),
      ].join('; '),
      MOST,
    ),
  ]
}

function lookWords(look: LookRecord): string {
  switch (look.kind) {
    case 'findings':
      return `found last: ${look.findings.map(({ kind, path }) => `${kind} ${path}`).join(', ')}`
    case 'conflict':
      return `it did not join in ${look.paths.join(', ')}`
    case 'judged': {
      const { verdict, red, blockers } = look.verdict
      const why = red.length > 0 ? `${red.join(', ')} failed` : [...new Set(blockers)].join(', ')
      return verdict === 'release'
        ? 'its work was released'
        : `judged last: ${verdict}${why === '' ? '' : `, ${why}`}`
    }
    case 'reviewed': {
      const not = look.reviews.filter(({ outcome }) => !isPassing(outcome)).map(({ agent }) => agent)
      return `not passed by ${not.join(', ')}`
    }
    default:
      return look satisfies never
  }
}

/** Why one item stands where it stands, for a person: the last look at its work, taken apart. `now` in ms. */
export function itemWhyDoc(view: ItemExplanation, now: number, full: boolean): Doc {
  const { batch, item, attempt, attempts, look, next } = view
  const reasons = itemReasons(item)
  const ended = attempt?.ended ?? null
  return [
    [
      strong(`Item ${item.id}`),
      ` is `,
      item.state === 'done' ? good(item.state) : item.state === 'parked' ? bad(item.state) : item.state,
      reasons.length === 0 ? '' : `: ${reasons.join('; ')}`,
    ],
    [
      quiet(
        attempt === null
          ? `batch ${batch.batch}; nobody has worked at it yet`
          : `batch ${batch.batch}, attempt ${attempt.attempt} of ${attempts}`,
      ),
    ],
    ...(ended?.failure == null
      ? []
      : [`It ended: ${failureWords(ended.failure)}${ended.counted ? '.' : ', which does not count.'}`]),
    ...(look === null ? [] : ['', ...lookHead(look, now), ...lookBody(view, look, full)]),
    ...(next === null ? [] : ['', [quiet('next: '), strong(next)]]),
  ]
}

function lookHead(look: LookRecord, now: number): Doc {
  const when = quiet(`  ${ago(new Date(look.at).toISOString(), now)}`)
  switch (look.kind) {
    case 'findings':
      return [[strong(`Turn ${look.turn}: `), bad('not judged: these stand in the way'), when]]
    case 'conflict':
      return [[strong(`Turn ${look.turn}: `), bad('does not join with the head in'), when]]
    case 'judged':
      return [[strong(`Turn ${look.turn}: `), verdictSpan(look.verdict.verdict), when]]
    case 'reviewed':
      return [[strong(`Turn ${look.turn}: `), reviewedSpan(look), when]]
    default:
      return look satisfies never
  }
}

function lookBody({ judging, attempt }: ItemExplanation, look: LookRecord, full: boolean): Doc {
  if (look.kind !== 'judged' || judging === null) return lookDetails(look, judging)
  const { explanation } = judging
  const { head, tree, without, record } = look.verdict
  return [
    [quiet(`tree ${tree.slice(0, 12)} joined to head ${head.slice(0, 12)}`)],
    ...(without.length === 0
      ? []
      : [[quiet(`not asked, because it failed before anybody worked: ${without.join(', ')}`)]]),
    '',
    ...verdictLines(explanation, full),
    ...(attempt?.integrated == null
      ? []
      : ['', [good('in the head'), ` as ${attempt.integrated.commit.slice(0, 12)}`]]),
    '',
    [
      quiet(
        `record ${explanation.record.seq} in ${record}/judged, ${explanation.record.hash.slice(0, 12)}; the whole words: --json`,
      ),
    ],
  ]
}
