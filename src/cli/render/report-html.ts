import { durationWords } from '../../views/events-view.ts'
import type { Report } from '../../views/report.ts'
import type { RunStatus } from '../../verdict/standing.ts'
import { begunWords } from './begun.ts'
import { localTime } from './events.ts'
import { type Html, html, link } from './html.ts'
import { contractPart } from './report-contract.ts'
import { stopsPart } from './report-stops.ts'
import { heldWords } from './report-summary.ts'
import { reportPage } from './report-page.ts'
import { timeline } from './report-timeline.ts'
import { timeZone } from './time-zone.ts'

const stateTone: Readonly<Record<RunStatus, string>> = {
  active: '',
  paused: 'warn',
  parked: 'warn',
  halted: 'bad',
  released: 'good',
  waived: 'warn',
  disabled: 'warn',
}
/** One run as a page. */
export function reportHtml(report: Report, version: string): string {
  const { contract } = report
  const title = contract.objective.split('\n')[0] ?? ''
  return reportPage(
    { title: `${report.state}: ${title.slice(0, 80)}`, version, records: report.integrity.records },
    html`<h1>${title}</h1>
      ${summary(report)} ${integrity(report)}
      <dl>
        <dt>repository</dt>
        <dd><code>${report.repoRoot}</code></dd>
        <dt>run</dt>
        <dd><code>${report.runId}</code>, ${begunWords(report.origin)}</dd>
        ${
          report.origin.kind === 'session'
            ? html`<dt>session</dt>
                <dd><code>${report.origin.sessionId}</code></dd>`
            : []
        }
        <dt>time</dt>
        <dd>
          ${localTime(report.startedAt)} to ${localTime(report.endedAt)}
          <span class="soft">(${timeZone(report.startedAt)})</span>
        </dd>
      </dl>
      ${contractPart(report)} ${stopsPart(report.stops)} ${timeline(report)}`,
  )
}

/** What it came to, what held it, what to do. */
function summary(report: Report): Html {
  const { summary: found, cause } = report
  return html`<section class="card summary">
    <p>
      <span class="state ${stateTone[report.state]}">${report.state}</span>
      ${report.meaning}${cause === null ? '' : `: ${cause}`}
    </p>
    <p>${heldWords(found).map(({ text, to }) => (to === null ? html`${text}` : link(to, text)))}.</p>
    <p class="soft">
      ${durationWords(report.endedAt - report.startedAt)} from beginning to end, ${found.stops}
      ${found.stops === 1 ? 'stop' : 'stops'} judged in ${durationWords(found.judgedMs)}.
    </p>
    ${report.release === null ? [] : html`<p class="soft">The release is ${report.release}.</p>`}
    ${report.next === null ? [] : html`<p><strong>Next:</strong> ${commands(report.next)}</p>`}
  </section>`
}

/** Commands in a sentence stand between backticks; a sentence without any may be one as a whole. */
function commands(text: string): readonly Html[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
}

function integrity({ integrity: found, baseline }: Report): Html {
  const chain =
    found.problem === null
      ? html`<p class="good">
          ✓ The ledger holds: ${found.records} records, each verified against the one before; head
          <code>${found.head.slice(0, 12)}</code>.
        </p>`
      : html`<p class="bad">
          ✗ The ledger does not hold: ${found.problem}. What follows is what still does.
        </p>`
  return baseline === 'own'
    ? chain
    : html`${chain}
        <p class="warn">The baseline is what the agent reported: "changed" is its word here.</p>`
}
