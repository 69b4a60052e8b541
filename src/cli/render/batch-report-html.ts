import type { BatchReport, Need } from '../../views/batch-report/shape.ts'
import type { BatchView } from '../../views/batch-status.ts'
import {
  costWords,
  localTimeOf,
  needWords,
  problemWords,
  short,
  stateWords,
  tallyWords,
} from './batch-report-words.ts'
import { claimedPart, unfinishedPart, verifiedPart } from './batch-report-items.ts'
import { gatesPart, goalPart, itemsPart, nightPart, totalsPart } from './batch-report-night.ts'
import { batchReportStyle } from './batch-report-style.ts'
import { type Html, html } from './html.ts'
import { reportPage } from './report-page.ts'
import { folded } from './report-table.ts'
import { timeZone } from './time-zone.ts'

/** What does not fit on a screen is folded. */
const FEW = 12

const stateTone: Readonly<Record<BatchView['state'], string>> = {
  completed: 'good',
  running: '',
  active: 'warn',
  parked: 'warn',
  paused: 'warn',
  halted: 'bad',
  suspended: 'warn',
}

/** A batch as a page: what a person has to do comes first, what can wait is folded. */
export function batchReportHtml(report: BatchReport, version: string): string {
  return reportPage(
    {
      title: `${report.state}: batch ${report.batch}`,
      version,
      records: report.record.events,
      style: batchReportStyle,
    },
    html`<h1>Batch ${report.batch}</h1>
      ${recordPart(report)} ${summaryPart(report)} ${needsPart(report)} ${verifiedPart(report)}
      ${claimedPart(report)} ${unfinishedPart(report)} ${goalPart(report)} ${itemsPart(report)}
      ${totalsPart(report)} ${gatesPart(report)} ${nightPart(report)} ${aboutPart(report)}`,
  )
}

/** Loud, above everything else, where something does not hold. */
function recordPart({ record }: BatchReport): Html {
  if (record.problems.length === 0) return html``
  const words = record.problems.map((one) => html`<li>${problemWords(one, record.events)}</li>`)
  if (record.holds)
    return html`<ul class="soft">
      ${words}
    </ul>`
  return html`<section class="card alarm" role="alert">
    <p class="bad"><strong>✗ The record does not hold together.</strong> What follows is what still does.</p>
    <ul>
      ${words}
    </ul>
  </section>`
}

function summaryPart(report: BatchReport): Html {
  const { state, record } = report
  return html`<section class="card summary">
    <p>
      <span class="state ${stateTone[state]}">${state}</span>
      <strong>${tallyWords(report)}</strong>${stateWords(report)}
    </p>
    <p>${costWords(report)}.</p>
    ${
      record.holds
        ? html`<p class="good">
            ✓ The record holds: ${record.events} events, each verified against the one before, and
            ${record.verdicts} verdicts looked up in their own ledgers; head
            <code>${short(record.head)}</code>.
          </p>`
        : []
    }
  </section>`
}

function needsPart({ needs_you: needs, newest }: BatchReport): Html {
  const none = newest
    ? 'Nothing needs you.'
    : 'This is an older batch: commands speak of the newest one, and so nothing here waits for you.'
  const list = (some: readonly Need[]): Html =>
    html`<ul class="needs">
      ${some.map(needRow)}
    </ul>`
  const [shown, more] = [needs.slice(0, FEW), needs.slice(FEW)]
  return html`<h2 id="needs-you">Needs you</h2>
    ${needs.length === 0 ? html`<p class="good">${none}</p>` : list(shown)}
    ${more.length === 0 ? [] : folded(`And ${more.length} more`, list(more), false)}`
}

function needRow(need: Need): Html {
  return html`<li class="${need.kind === 'record' ? 'bad' : ''}">
    <span>${needWords(need)}</span> <code class="command">${need.command}</code>
  </li>`
}

function aboutPart(report: BatchReport): Html {
  const { repo_root, base, head, target, branch, landed, from, to } = report
  return html`<h2>About this batch</h2>
    <dl>
      <dt>repository</dt>
      <dd><code>${repo_root}</code></dd>
      <dt>time</dt>
      <dd>
        ${localTimeOf(from)} to ${localTimeOf(to)}
        <span class="soft">(${timeZone(Date.parse(from))})</span>
      </dd>
      <dt>began at</dt>
      <dd><code>${short(base)}</code></dd>
      <dt>head</dt>
      <dd>
        <code>${short(head)}</code>${branch === null ? '' : html`, published as <code>${branch}</code>`}
      </dd>
      <dt>lands on</dt>
      <dd>
        ${target === null ? 'no branch: HEAD was detached' : html`<code>${target}</code>`}${
          landed === null
            ? ''
            : html`; landed${landed.remote === null ? '' : ` on ${landed.target} of ${landed.remote}`} as
                <code>${short(landed.commit)}</code> at ${localTimeOf(landed.at)}`
        }
      </dd>
    </dl>`
}
