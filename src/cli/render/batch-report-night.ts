import type { FlakyTree, GateReport, Lengths } from '../../views/batch-report/gates.ts'
import type { BatchReport, GoalReport, ReportItem } from '../../views/batch-report/shape.ts'
import type { Happening } from '../../views/batch-report/night.ts'
import { durationWords } from '../../views/events-view.ts'
import { itemAnchor } from './batch-report-items.ts'
import { count, happeningWords, localTimeOf, short, tokens } from './batch-report-words.ts'
import { waitingWords } from './batch-waiting.ts'
import { type Html, html } from './html.ts'
import { folded, table } from './report-table.ts'

/** Longer ones are folded. */
const FEW = 12

/** A row for each item. */
export function itemsPart({ items }: BatchReport): Html {
  return html`<h2 id="items">Items</h2>
    ${folded(
      count(items.length, 'item'),
      table(
        'items',
        ['item', 'state', 'attempts', 'turns', 'tokens', 'working', 'judging', 'agent'],
        items.map((one) => [
          html`<span id="${itemAnchor(one.id)}"><strong>${one.id}</strong></span> ${one.title}`,
          state(one),
          one.attempts,
          one.turns,
          tokens(one.tokens),
          durationWords(one.working_ms),
          durationWords(one.judging_ms),
          one.agent === null ? '–' : `${one.agent}${one.effort === null ? '' : `, ${one.effort}`}`,
        ]),
        'Items',
      ),
      items.length <= FEW,
    )}`
}

const TONE: Readonly<Partial<Record<ReportItem['state'], string>>> = { done: 'good', parked: 'bad' }

function state({ state: name, code, waits_for, earlier }: ReportItem): Html {
  const more = [
    ...(code === null ? [] : [code]),
    ...(waits_for === null ? [] : [waitingWords(waits_for)]),
    ...(earlier ? ['by an earlier batch'] : []),
  ]
  return html`<span class="${TONE[name] ?? ''}">${name}</span
    >${more.length === 0 ? '' : html` <span class="soft">${more.join(', ')}</span>`}`
}

/** Iterations towards a goal: what was kept is ours to say, the rest is the agent's word. */
export function goalPart({ goal }: BatchReport): Html {
  if (goal === null) return html``
  return html`<h2 id="goal">Towards the goal</h2>
    <p>
      <code>${goal.plan}</code
      >${goal.rules === null ? '' : html`, by the rules of <code>${goal.rules}</code>`}
    </p>
    ${folded(
      `${count(goal.iterations, 'iteration')}, ${goal.kept} in the head`,
      table(
        'iterations',
        ['iteration', 'verified', 'took', 'claimed by the agent'],
        goal.rows.map((one) => [
          html`<strong>${one.iteration}</strong> <span class="soft">${localTimeOf(one.at)}</span>`,
          one.commit === null
            ? html`<span class="bad">no</span> <span class="soft">${one.failed ?? 'nothing was kept'}</span>`
            : html`<span class="good">✓</span> <code>${short(one.commit)}</code>`,
          `${count(one.turns, 'turn')}${one.tokens === null ? '' : `, ${tokens(one.tokens)} tokens`}`,
          claims(one),
        ]),
        'Iterations',
      ),
      goal.rows.length <= FEW,
    )}`
}

function claims({ claimed, goal }: GoalReport['rows'][number]): Html {
  const parts = [
    ...(goal === '' ? [] : [['goal', goal] as const]),
    ...(claimed === null
      ? []
      : ([
          ['summary', claimed.summary],
          ['next', claimed.next_goal],
          ['evidence', claimed.evidence],
          ...(claimed.stop ? [['it wants to stop', claimed.reason] as const] : []),
          ...(claimed.completed ? [['it says', 'completed'] as const] : []),
        ] as const)),
  ].filter(([, text]) => text !== '')
  if (parts.length === 0) return html`<span class="soft">nothing</span>`
  return html`<ul>
    ${parts.map(([name, text]) => html`<li><span class="soft">${name}:</span> ${text}</li>`)}
  </ul>`
}

/** What it took, in all and by agent. */
export function totalsPart({ totals }: BatchReport): Html {
  return html`<h2 id="totals">Totals</h2>
    ${table(
      'agents',
      ['agent', 'attempts', 'verified', 'turns', 'tokens', 'working'],
      [
        ...totals.agents.map((one) => [
          one.agent,
          one.attempts,
          one.verified,
          one.turns,
          tokens(one.tokens),
          durationWords(one.working_ms),
        ]),
        [
          html`<strong>all</strong>`,
          totals.attempts,
          totals.agents.reduce((sum, one) => sum + one.verified, 0),
          totals.turns,
          tokens(totals.tokens),
          durationWords(totals.working_ms),
        ],
      ],
      'Totals by agent',
    )}
    <p class="soft">
      Judging took ${durationWords(totals.judging_ms)}, checks of the base and the head
      ${durationWords(totals.checking_ms)}. Tokens are what the programs of agents wrote down.
    </p>`
}

/** How long gates took, and which of them cannot be relied on. */
export function gatesPart({ gates }: BatchReport): Html {
  if (gates.length === 0)
    return html`<h2 id="gates">Gates</h2>
      <p class="soft">No gate was run.</p>`
  return html`<h2 id="gates">Gates</h2>
    ${gates.filter((one) => one.flaky.length > 0).map(flaky)}
    ${table(
      'durations',
      ['gate', 'runs', 'passed', 'failed', 'shortest', 'median', 'longest', 'base / candidates / head'],
      gates.map((one) => [
        one.name,
        html`${one.runs}${one.reused === 0 ? '' : html` <span class="soft">and ${one.reused} reused</span>`}`,
        one.passed,
        html`${one.failed}${one.could_not_run === 0 ? '' : html` <span class="warn">${one.could_not_run} could not run</span>`}`,
        length(one.took, 'min_ms'),
        length(one.took, 'median_ms'),
        length(one.took, 'max_ms'),
        (['base', 'candidate', 'head'] as const)
          .map((what) => length(one.by[what] ?? null, 'median_ms'))
          .join(' / '),
      ]),
      'Durations of gates',
    )}`
}

const length = (took: Lengths | null, which: 'min_ms' | 'median_ms' | 'max_ms'): string =>
  took === null ? '–' : durationWords(took[which])

function flaky({ name, flaky: trees }: GateReport): Html {
  return html`<div class="card">
    <p>
      <strong class="warn">${name} is flaky</strong>: on the same tree it passed and it failed
      (${count(trees.length, 'tree')}).
    </p>
    ${folded(
      'Where',
      html`<ul>
        ${trees.slice(0, 20).map(flakyTree)}
      </ul>`,
      false,
    )}
  </div>`
}

function flakyTree({ tree, results }: FlakyTree): Html {
  return html`<li>
    <code>${short(tree)}</code>:
    ${results.map(({ outcome, what, item, attempt }) => `${outcome} (${item === null ? what : `${item}, attempt ${attempt}`})`).join(', ')}
  </li>`
}

/** What kept the work from going on, and everything in its order. */
export function nightPart({ night }: BatchReport): Html {
  const broken = night.filter((one) => one.interrupts)
  return html`<h2 id="night">What came between</h2>
    ${
      broken.length === 0
        ? html`<p class="soft">Nothing: no crash, no restart, no quota, no other config.</p>`
        : folded(count(broken.length, 'interruption'), lines(broken), broken.length <= FEW)
    }
    ${folded(`The whole night: ${count(night.length, 'event')}`, lines(night), false)}`
}

function lines(night: readonly Happening[]): Html {
  return table(
    'night',
    ['when', 'what'],
    night.map((one) => [
      localTimeOf(one.at),
      html`<span class="${one.interrupts ? 'warn' : one.kind === 'done' ? 'good' : ''}"
        >${happeningWords(one)}</span
      >`,
    ]),
    'Events',
  )
}
