import { fenced } from '../../base/fenced.ts'
import { withoutControls } from '../../base/text.ts'
import type { BatchReport, Claimed, ReportItem } from '../../views/batch-report/shape.ts'
import { durationWords } from '../../views/events-view.ts'
import {
  byWords,
  costWords,
  count,
  happeningWords,
  localTimeOf,
  needWords,
  problemWords,
  short,
  stateWords,
  tallyWords,
  tokens,
  tryWords,
} from './batch-report-words.ts'
import { claimWords } from './batch-report-items.ts'
import { code, inline } from './markdown.ts'
import { markdownMark } from './report-md.ts'

/** Of a list that is not about what a person has to do. */
const MOST = 50

/** A batch as Markdown, the same parts in the same order as the page. */
export function batchReportMarkdown(report: BatchReport): string {
  const lines = [
    `${markdownMark}batch ${report.batch} is ${report.state}`,
    '',
    ...recordLines(report),
    `**${inline(tallyWords(report))}**${inlineAfter(stateWords(report))}. ${inline(costWords(report))}.`,
    '',
    '#### Needs you',
    '',
    ...needLines(report),
    '',
    '#### Verified by us',
    '',
    ...verifiedLines(report),
    '',
    '#### Claimed by agents, not verified',
    '',
    ...claimLines(report),
    ...notDone(report),
    ...goalLines(report),
    '',
    '#### Items',
    '',
    ...rows(
      ['item', 'state', 'attempts', 'turns', 'tokens', 'working', 'judging', 'agent'],
      report.items.map((one) => [
        inline(`${one.id} ${one.title}`),
        inline(one.code === null ? one.state : `${one.state}: ${one.code}`),
        `${one.attempts}`,
        `${one.turns}`,
        tokens(one.tokens),
        durationWords(one.working_ms),
        durationWords(one.judging_ms),
        inline(`${one.agent ?? '–'}${one.effort === null ? '' : `, ${one.effort}`}`),
      ]),
    ),
    '',
    '#### Gates',
    '',
    ...gateLines(report),
    '',
    '#### What came between',
    '',
    ...nightLines(report),
    '',
    report.record.holds
      ? `Record: ${report.record.events} events, each verified; ${report.record.verdicts} verdicts looked up; head \`${short(report.record.head)}\`.`
      : '**The record does not hold together**, as said above.',
  ]
  return withoutControls(`${lines.join('\n')}\n`)
}

function recordLines({ record }: BatchReport): string[] {
  if (record.problems.length === 0) return []
  const words = record.problems.map((one) => `- ${inline(problemWords(one, record.events))}`)
  return record.holds
    ? [...words, '']
    : [
        '> [!CAUTION]',
        '> **The record does not hold together.** What follows is what still does.',
        '',
        ...words,
        '',
      ]
}

function needLines({ needs_you: needs, newest }: BatchReport): string[] {
  if (needs.length === 0)
    return [newest ? 'Nothing needs you.' : 'This is an older batch: nothing here waits for you.']
  return needs.map((one) => `- ${inline(needWords(one))} ${code(one.command)}`)
}

function verifiedLines({ verified }: BatchReport): string[] {
  if (verified.length === 0) return ['No item.']
  return rows(
    ['item', 'commit', 'gates', 'when, by whom', 'landed'],
    verified.map((one) => [
      inline(`${one.item} ${one.title}`),
      code(short(one.commit)),
      [
        ...one.gates.map(
          (gate) =>
            `✓ ${inline(gate.name)} ${gate.reused ? 'passed before' : durationWords(gate.ms)}${gate.place === 'in-place' ? ', in place' : ''}${gate.flaky ? ', flaky' : ''}`,
        ),
        ...(one.not_asked.length === 0 ? [] : [`not asked: ${inline(one.not_asked.join(', '))}`]),
      ].join('<br>'),
      `${localTimeOf(one.at)}, ${inline(byWords(one))}`,
      one.landed ? 'yes' : 'not yet',
    ]),
  )
}

function claimLines({ claimed }: BatchReport): string[] {
  const open = claimed.filter((one) => !one.verified)
  const done = claimed.filter((one) => one.verified)
  if (claimed.length === 0) return ['Nothing.']
  return [
    'Their own words. Nothing of this was checked.',
    '',
    ...open.slice(0, MOST).flatMap(claim),
    ...more(open.length),
    ...folded(`Of work that is done: ${count(done.length, 'claim')}`, [
      ...done.slice(0, MOST).flatMap(claim),
      ...more(done.length),
    ]),
  ]
}

function claim(one: Claimed): string[] {
  return [
    `**${inline(one.item)}, attempt ${one.attempt}** (${inline(one.agent)}): claimed ${inline(claimWords(one))}${one.cut ? ', shortened' : ''}.`,
    '',
    ...(one.text === '' ? [] : [fenced(one.text), '']),
  ]
}

function notDone({ items }: BatchReport): string[] {
  const open = items.filter((one) => one.state !== 'done' && one.tries.length > 0)
  if (open.length === 0) return []
  return ['', '#### Not done', '', ...open.flatMap((one) => folded(headOf(one), tryLines(one)))]
}

const headOf = ({ id, title, state, code: why, attempts }: ReportItem): string =>
  `${inline(`${id} ${title}: ${state}${why === null ? '' : ` (${why})`}`)}, ${count(attempts, 'attempt')}`

function tryLines({ tries }: ReportItem): string[] {
  return tries.map(
    (one) =>
      `- attempt ${one.attempt}, ${inline(one.agents.join(', then '))}, ${count(one.turns, 'turn')}: ${tryWords(one).map(inline).join(' ')}${one.rescue === null ? '' : ` Kept as ${code(one.rescue)}.`}`,
  )
}

function goalLines({ goal }: BatchReport): string[] {
  if (goal === null) return []
  return [
    '',
    '#### Towards the goal',
    '',
    `${code(goal.plan)}: ${count(goal.iterations, 'iteration')}, ${goal.kept} in the head.`,
    '',
    ...rows(
      ['iteration', 'verified', 'claimed by the agent'],
      goal.rows
        .slice(-MOST)
        .map((one) => [
          `${one.iteration}`,
          one.commit === null
            ? `no: ${inline(one.failed ?? 'nothing was kept')}`
            : `✓ ${code(short(one.commit))}`,
          one.claimed === null
            ? 'nothing'
            : inline(
                `${one.claimed.summary}${one.claimed.completed ? ' It says: completed.' : one.claimed.stop ? ` It wants to stop: ${one.claimed.reason}` : one.claimed.next_goal === '' ? '' : ` Next: ${one.claimed.next_goal}`}`,
              ),
        ]),
    ),
  ]
}

function gateLines({ gates }: BatchReport): string[] {
  if (gates.length === 0) return ['No gate was run.']
  return [
    ...gates
      .filter((one) => one.flaky.length > 0)
      .map(
        (one) =>
          `- **${inline(one.name)} is flaky**: on the same tree it passed and it failed (${one.flaky
            .slice(0, 5)
            .map(({ tree }) => code(short(tree)))
            .join(', ')}).`,
      ),
    '',
    ...rows(
      ['gate', 'runs', 'passed', 'failed', 'shortest', 'median', 'longest'],
      gates.map((one) => [
        inline(one.name),
        `${one.runs}`,
        `${one.passed}`,
        `${one.failed}`,
        ...(['min_ms', 'median_ms', 'max_ms'] as const).map((which) =>
          one.took === null ? '–' : durationWords(one.took[which]),
        ),
      ]),
    ),
  ]
}

function nightLines({ night }: BatchReport): string[] {
  const broken = night.filter((one) => one.interrupts)
  const line = (one: BatchReport['night'][number]): string =>
    `- ${localTimeOf(one.at)} ${inline(happeningWords(one))}`
  return [
    ...(broken.length === 0
      ? ['Nothing: no crash, no restart, no quota, no other config.']
      : [...broken.slice(0, MOST).map(line), ...more(broken.length)]),
    ...folded(`The whole night: ${count(night.length, 'event')}`, night.slice(-4 * MOST).map(line)),
  ]
}

/** With the space before it. */
const inlineAfter = (text: string): string => (text === '' ? '' : ` ${inline(text)}`)

const more = (number: number): string[] => (number > MOST ? ['', `And ${number - MOST} more.`, ''] : [])

function folded(summary: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : ['', `<details><summary>${summary}</summary>`, '', ...lines, '', '</details>']
}

function rows(heads: readonly string[], cells: readonly (readonly string[])[]): string[] {
  return [
    `| ${heads.join(' | ')} |`,
    `|${heads.map(() => '---').join('|')}|`,
    ...cells.map((row) => `| ${row.join(' | ')} |`),
  ]
}
