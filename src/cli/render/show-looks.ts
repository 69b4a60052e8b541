import { mask } from '../../base/mask.ts'
import { oneLine } from '../../base/text.ts'
import type { CommandRecord } from '../../gates/command-record.ts'
import { commandWords } from '../../verdict/words/command.ts'
import { durationWords } from '../../views/events-view.ts'
import { tailOf } from '../../views/show/attempt-files.ts'
import { type AgentReview, type LookRecord, standsInTheWay } from '../../views/show/attempts.ts'
import type { Judging } from '../../views/show/judgings.ts'
import type { ShownAttempt } from '../../views/show/show-item.ts'
import { ago } from './ago.ts'
import { type Doc, type Line, type Span, bad, good, quiet, strong, warn } from './doc.ts'
import { verdictSpan } from './explain.ts'
import { quotedLines } from './quoted.ts'
import { reviewLines } from './review-claims.ts'

/** Lines of the output of a gate. */
const TAIL = 8
/** Looks of one attempt that are shown, the last ones; names of one list. */
const MOST_LOOKS = 6
const MOST_NAMES = 10
const MOST = 200

/** What was found at the work of an attempt, turn by turn. */
export function lookLines({ record, judgings }: ShownAttempt, now: number): Doc {
  const { looks } = record
  if (looks.length === 0) return []
  const shown = looks.slice(-MOST_LOOKS)
  return [
    '',
    [
      strong('Judged'),
      quiet(
        shown.length < looks.length ? `  (the last ${shown.length} of ${looks.length}; --json has all)` : '',
      ),
    ],
    ...shown.flatMap((one, at) => [
      headLine(one, now),
      ...lookDetails(
        one,
        one.kind === 'judged' ? (judgings.get(one.verdict.ledgerHead) ?? null) : null,
        at === shown.length - 1,
      ),
    ]),
  ]
}

function headLine(look: LookRecord, now: number): Line {
  const when = quiet(`  ${ago(new Date(look.at).toISOString(), now)}`)
  const turn = `  turn ${look.turn}  `
  switch (look.kind) {
    case 'findings':
      return [turn, bad('not judged: findings'), when]
    case 'conflict':
      return [turn, bad('does not join with the head'), when]
    case 'judged':
      return [turn, verdictSpan(look.verdict.verdict), ` on tree ${look.verdict.tree.slice(0, 12)}`, when]
    case 'reviewed':
      return [turn, reviewedSpan(look), ` on tree ${look.tree.slice(0, 12)}`, when]
    default:
      return look satisfies never
  }
}

/** What stood in the way, or how each gate ended. `places`: where the rest of their output is. */
export function lookDetails(look: LookRecord, judging: Judging | null, places = true): Doc {
  if (look.kind === 'findings')
    return listed(
      look.findings.map(
        ({ kind, path, why }) => `${kind}: ${path}${why === undefined ? '' : ` (${oneLine(why, MOST)})`}`,
      ),
    )
  if (look.kind === 'conflict') return listed(look.paths)
  if (look.kind === 'reviewed') return look.reviews.flatMap(reviewerLines)
  return judging === null
    ? [[warn('    the record of this verdict is gone or differs: '), 'autonomous-loop audit --batch']]
    : judgingLines(judging, look.verdict.verdict === 'release', places)
}

/** What came of all who read it. */
export const reviewedSpan = (look: LookRecord): Span =>
  standsInTheWay(look) ? bad('not every reviewer passed it') : good('every reviewer who was asked passed it')

function reviewerLines({ agent, outcome }: AgentReview): Doc {
  if (outcome.kind === 'finished') return reviewLines(agent, outcome.answer, { indent: 4 })
  return [['    ', bad('✗ '), strong(agent), ` gave no verdict: ${outcome.kind}`]]
}

function judgingLines({ explanation }: Judging, isRelease: boolean, places: boolean): Doc {
  const { judgement, evidence } = explanation
  const missing = evidence.filter((one) => one.met === false && one.required)
  return [
    ...(isRelease ? [] : listed(missing.map((one) => `${one.taskId}: ${one.asked}: ${one.words}`))),
    ...judgement.commands.flatMap((one) => gateLines(one, places)),
  ]
}

/** A gate, how it ended, and the end of what it printed where it did not pass. */
function gateLines(one: CommandRecord, places: boolean): Doc {
  const outcome = { passed: good('passed'), failed: bad('failed'), 'could-not-run': warn('could not run') }[
    one.outcome
  ]
  const code = one.exitCode === null ? '' : `, exit ${one.exitCode}`
  const head: Line = [
    '    gate ',
    strong(one.name),
    ' ',
    outcome,
    quiet(`${code}  ${durationWords(one.durationMs)}`),
  ]
  if (one.outcome === 'passed') return [head]
  const { lines, before } = tailOf(mask(one.tail), TAIL)
  return [
    head,
    `      ${oneLine(commandWords(one), MOST)}`,
    ...quotedLines(lines, 6),
    ...(one.logFile === null || !places
      ? []
      : [[quiet(`      ${before > 0 ? 'all of it' : 'its log'}: ${one.logFile}`)]]),
  ]
}

function listed(names: readonly string[]): Doc {
  const more = names.length - MOST_NAMES
  return [
    ...names.slice(0, MOST_NAMES).map((name) => `    - ${oneLine(name, MOST)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ]
}
