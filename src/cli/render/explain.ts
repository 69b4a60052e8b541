import { never } from '../../base/result.ts'
import { oneLine } from '../../base/text.ts'
import type { Explanation, ReleaseSince } from '../../views/explain.ts'
import { durationWords } from '../../views/events-view.ts'
import { commandWords } from '../../verdict/words/command.ts'
import { finalWords, reopenedWords } from '../../verdict/words/release.ts'
import type { Judgement } from '../../verdict/judgement.ts'
import type { CommandRecord } from '../../gates/command-record.ts'
import type { VerdictKind } from '../../verdict/judgement.ts'
import { mixedWords, placeWords } from '../../verdict/words/place.ts'
import type { RunState } from '../../ledger/state.ts'
import { ago } from './ago.ts'
import { amendCall } from './difference.ts'
import { type Doc, type Line, type Span, bad, columns, good, indented, quiet, strong, warn } from './doc.ts'

/** Of what others wrote, on one line. Characters. */
const MOST = 100

const tailLines = 12

/** One verdict for a person: why, then every piece of evidence and every command it rests on. `now` in ms; `next` is how the work goes on. */
export function explainDoc(run: RunState, one: Explanation, now: number, full: boolean, next: string): Doc {
  const when = new Date(one.at).toISOString()
  const { judgement } = one
  return [
    [
      strong(`Stop ${judgement.stop}: `),
      verdictSpan(judgement.verdict),
      quiet(`  ${ago(when, now)}, judged in ${durationWords(judgement.durationMs)}`),
    ],
    [
      quiet(
        `run ${run.runId.slice(0, 12)} "${oneLine(run.contract.objective, MOST)}", ${one.used} of ${one.allowed} stops blocked by then`,
      ),
    ],
    '',
    ...verdictLines(one, full, driftLines(run, one, next, now)),
    ...sinceLines(one, now),
    '',
    [
      quiet(
        `record ${one.record.seq} of the ledger, ${one.record.hash.slice(0, 12)}; the whole words: --json`,
      ),
    ],
  ]
}

/** What a verdict rests on: why, then every piece of evidence and every command. `after`: what follows the reasons. */
export function verdictLines(one: Explanation, full: boolean, after: Doc = []): Doc {
  return [
    [strong('Why')],
    ...one.because.flatMap((why) => indented(why, 2)),
    ...after,
    ...evidenceLines(one),
    ...planLines(one.judgement),
    ...commandLines(one.judgement, full),
  ]
}

/** A verdict with its colour. */
export function verdictSpan(verdict: VerdictKind): Span {
  const tones = { block: bad, release: good, park: warn, halt: bad } as const
  const texts = { block: 'blocked', release: 'released', park: 'parked', halt: 'halted' } as const
  return tones[verdict](texts[verdict])
}

/** A changed definition ends with the command that accepts it, or with what became of it. */
function driftLines(run: RunState, { drift }: Explanation, next: string, now: number): Doc {
  switch (drift?.kind) {
    case undefined:
    case 'past':
      return []
    case 'open':
      return [['  accept it: ', strong(amendCall(run, drift))]]
    case 'accepted':
      return [
        [good('  accepted since'), ` by ${drift.by}, ${ago(new Date(drift.at).toISOString(), now)}`],
        ...(run.status === 'parked' && run.park.kind === 'accepted' ? [['  go on: ', strong(next)]] : []),
      ]
    default:
      return never(drift, 'drift')
  }
}

function sinceLines({ unjudgedSince, releaseSince }: Explanation, now: number): Doc {
  if (unjudgedSince.length === 0 && releaseSince === null) return []
  return [
    '',
    [strong('Since then')],
    ...(releaseSince === null ? [] : [releaseLine(releaseSince, now)]),
    ...unjudgedSince.map(({ at, why }): Line => [
      bad('  not judged'),
      `  ${oneLine(why, MOST)}  `,
      quiet(ago(new Date(at).toISOString(), now)),
    ]),
  ]
}

function releaseLine(since: ReleaseSince, now: number): Line {
  const when = quiet(ago(new Date(since.at).toISOString(), now))
  return since.kind === 'reopened'
    ? [bad('  open again'), `  ${oneLine(reopenedWords(since.changes), MOST)}  `, when]
    : [good('  the release is '), `${oneLine(finalWords(since.look), 2 * MOST)}  `, when]
}

function evidenceLines({ evidence }: Explanation): Doc {
  if (evidence.length === 0) return []
  const rows = evidence.map((one): Line => [
    one.met === true
      ? good('met')
      : one.met === null
        ? quiet('not run')
        : one.required
          ? bad('missing')
          : quiet('open'),
    one.taskId,
    one.asked,
    one.words,
  ])
  return ['', [strong('Evidence')], ...columns(rows, 2)]
}

function planLines({ session }: Judgement): Doc {
  const plan = session?.plan
  if (!plan || plan.state === 'absent') return []
  const said = {
    complete: 'no open step',
    stale: 'older than the session start, so it was not enforced',
    incomplete: `${plan.open.length} open`,
  }[plan.state]
  return ['', [strong('Plan')], `  ${said}`, ...plan.open.map((step) => `  - ${oneLine(step, MOST)}`)]
}

function commandLines({ commands }: Judgement, full: boolean): Doc {
  if (commands.length === 0) return ['', [strong('Commands')], [quiet('  none was run')]]
  return ['', [strong('Commands')], ...commands.flatMap((one) => commandDoc(one, full))]
}

function commandDoc(one: CommandRecord, full: boolean): Doc {
  const outcome = { passed: good('passed'), failed: bad('failed'), 'could-not-run': warn('could not run') }[
    one.outcome
  ]
  const lines =
    one.tail.trim() === ''
      ? []
      : one.tail
          .replace(/^\s*\n/, '')
          .trimEnd()
          .split('\n')
  const shown = full ? lines : one.outcome === 'passed' ? [] : lines.slice(-tailLines)
  return [
    [
      '  ',
      outcome,
      `  ${one.name}  `,
      quiet(`${one.argv.join(' ')}  ${durationWords(one.durationMs)}${placeWords(one)}`),
    ],
    ...(one.outcome === 'passed' ? [] : [`      ${commandWords(one)}`]),
    ...runLines(one),
    ...stepLines(one),
    ...(shown.length < lines.length && shown.length > 0
      ? [[quiet(`      … ${lines.length - shown.length} lines before (--full)`)]]
      : []),
    ...indented(shown.join('\n'), 6).filter((line) => shown.length > 0 || line.trim() !== ''),
    ...(one.logFile !== null && one.outcome !== 'passed' ? [[quiet(`      all of it: ${one.logFile}`)]] : []),
  ]
}

/** All runs of a gate that was run more than once, and what a failed one printed. */
function runLines({ runs = [] }: CommandRecord): Doc {
  return runs.flatMap((run, at): Doc => [
    [
      quiet(`      run ${at + 1} of ${runs.length}  `),
      run.outcome === 'passed' ? good('passed') : bad(run.outcome === 'failed' ? 'failed' : 'could not run'),
      quiet(`  ${durationWords(run.durationMs)}`),
    ],
    ...(run.tail === undefined || run.tail.trim() === ''
      ? []
      : indented(run.tail.trim().split('\n').slice(-tailLines).join('\n'), 8)),
  ])
}

function stepLines({ steps = [], of = 0 }: CommandRecord): Doc {
  return steps.map((step, at): Line => [
    quiet(`      step ${at + 1} of ${of}  `),
    step.outcome === 'passed' ? good('passed') : bad(step.outcome === 'failed' ? 'failed' : 'could not run'),
    quiet(`  ${oneLine(step.label, MOST)}  ${durationWords(step.durationMs)}`),
    ...(step.mixed === null ? [] : [quiet(`, ${mixedWords}`)]),
  ])
}
