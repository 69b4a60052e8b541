import { type EventView, seconds } from '../../control/events-view.ts'
import type { EvidenceLook, Explanation } from '../../control/explain.ts'
import type { Report } from '../../control/report.ts'
import type { CommandRecord, VerdictKind } from '../../ledger/events.ts'
import type { RunStatus } from '../../ledger/state.ts'
import { localTime } from './events.ts'
import { type Html, html } from './html.ts'
import { reportStyle } from './report-style.ts'

/** First bytes of every report: a file that begins so is ours to write over. */
export const reportMark = '<!doctype html>\n<!-- autonomous-loop report -->\n'

const stateTone: Readonly<Record<RunStatus, string>> = {
  active: '',
  paused: 'warn',
  parked: 'warn',
  halted: 'bad',
  released: 'good',
  waived: 'warn',
  disabled: 'warn',
}
const verdictTone: Readonly<Record<VerdictKind, string>> = {
  block: 'bad',
  release: 'good',
  park: 'warn',
  halt: 'bad',
}
const verdictText: Readonly<Record<VerdictKind, string>> = {
  block: 'blocked',
  release: 'released',
  park: 'parked',
  halt: 'halted',
}

/** One page that needs nothing else: no script, no network (its policy forbids both), every text escaped. */
export function reportHtml(report: Report, version: string): string {
  const { contract } = report
  const title = contract.objective.split('\n')[0] ?? ''
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="referrer" content="no-referrer" />
      <title>${report.state}: ${title.slice(0, 80)}</title>
      <style>
        ${{ html: reportStyle }}
      </style>
    </head>
    <body>
      <main>
        <p class="soft">autonomous-loop report</p>
        <h1>${title}</h1>
        <p>
          <span class="state ${stateTone[report.state]}">${report.state}</span>
          ${report.meaning}${report.cause === null ? '' : `: ${report.cause}`}
        </p>
        ${integrity(report)}
        <dl>
          <dt>repository</dt>
          <dd><code>${report.repoRoot}</code></dd>
          <dt>run</dt>
          <dd><code>${report.runId}</code>, armed by ${report.armedBy} (${report.mode})</dd>
          <dt>session</dt>
          <dd><code>${report.sessionId}</code></dd>
          <dt>time</dt>
          <dd>
            ${localTime(report.startedAt)} to ${localTime(report.endedAt)},
            ${seconds(report.endedAt - report.startedAt)}
          </dd>
        </dl>
        ${contractPart(report)} ${stopsPart(report.stops)} ${timeline(report)}
        <footer>
          Made by autonomous-loop ${version} from ${report.integrity.records} records of the ledger; nothing
          was looked at anew.
        </footer>
      </main>
    </body>
  </html> `
  return reportMark + page.html
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

function contractPart({ contract, contractHash, tasks, gates }: Report): Html {
  const rest = contract.objective.split('\n').slice(1).join('\n').trim()
  const { limits, policy } = contract
  const more = [
    `${limits.maxStopIterations} stops`,
    `the same blocker ${limits.maxRepeatedFailureSignature} times`,
    ...(limits.maxMinutes === undefined ? [] : [`${limits.maxMinutes} minutes`]),
    ...(limits.maxTokens === undefined ? [] : [`${limits.maxTokens} tokens`]),
  ]
  return html`<h2>Contract</h2>
    ${rest === '' ? [] : html`<pre>${rest}</pre>`}
    <table>
      <tr>
        <th>task</th>
        <th></th>
        <th>asked for</th>
        <th>at the last stop</th>
      </tr>
      ${tasks.map(
        (task) =>
          html`<tr>
            <td class="n">${task.id}</td>
            <td>
              ${task.title}${task.required ? [] : html` <span class="soft">(optional)</span>`}${task.dependsOn.length === 0 ? [] : html` <span class="soft">after ${task.dependsOn.join(', ')}</span>`}
            </td>
            <td>${task.asked.map((asked) => html`<code>${asked}</code><br />`)}</td>
            <td class="n">${met(task.met)}</td>
          </tr> `,
      )}
    </table>
    <dl>
      <dt>gates</dt>
      <dd>
        ${gates.length === 0 ? 'none asked for' : gates.map((gate) => html`<code>${gate.argv.join(' ')}</code><br />`)}
      </dd>
      <dt>gates run</dt>
      <dd>
        ${policy.sandbox === 'on' ? "in Codex's sandbox" : html`<span class="warn">without the sandbox</span>`}
      </dd>
      <dt>limits</dt>
      <dd>${more.join(', ')}</dd>
      <dt>contract</dt>
      <dd><code>${contractHash.slice(0, 12)}</code></dd>
    </dl>`
}

function met(value: boolean | null): Html {
  if (value === null) return html`<span class="soft">not looked at</span>`
  return value ? html`<span class="good">✓ met</span>` : html`<span class="bad">✗ missing</span>`
}

function stopsPart(stops: readonly Explanation[]): Html {
  const longest = Math.max(1, ...stops.flatMap((one) => one.commands.map((gate) => gate.durationMs)))
  return html`<h2>Stops</h2>
    ${stops.length === 0 ? html`<p class="soft">No stop was judged yet.</p>` : []}
    ${stops.map((one) => stopCard(one, longest))}`
}

function stopCard(one: Explanation, longest: number): Html {
  return html`<section class="card" id="stop-${one.stop}">
    <header>
      <h3>Stop ${one.stop}</h3>
      <strong class="${verdictTone[one.verdict]}">${verdictText[one.verdict]}</strong
      ><span class="soft"
        >${localTime(one.at)}, judged in ${seconds(one.durationMs)}, ${one.used} of ${one.allowed}
        blocked</span
      >
    </header>
    <ul>
      ${one.because.map((why) => html`<li>${why}</li>`)}
    </ul>
    ${one.evidence.length === 0 ? [] : evidenceTable(one.evidence)}
    ${one.plan.open.length === 0 ? [] : html`<p>Open steps of the plan: ${one.plan.open.join('; ')}</p>`}
    ${one.commands.length === 0 ? html`<p class="soft">No command was run.</p>` : commandTable(one.commands, longest)}
    ${one.commands.map(output)}
    <details>
      <summary>What was said</summary>
      <pre>${one.answered}</pre>
    </details>
    <p class="soft">record ${one.record.seq}, <code>${one.record.hash.slice(0, 12)}</code></p>
  </section> `
}

function evidenceTable(evidence: readonly EvidenceLook[]): Html {
  return html`<table>
    <tr>
      <th>evidence</th>
      <th>asked for</th>
      <th>found</th>
    </tr>
    ${evidence.map(
      (one) =>
        html`<tr>
          <td class="n">
            <span class="${one.met ? 'good' : one.required ? 'bad' : 'soft'}">${one.met ? '✓' : '✗'}</span>
            ${one.taskId}
          </td>
          <td><code>${one.asked}</code></td>
          <td>${one.found}</td>
        </tr> `,
    )}
  </table>`
}

const outcomeTone = { passed: 'good', failed: 'bad', 'could-not-run': 'warn' } as const

function commandTable(commands: readonly CommandRecord[], longest: number): Html {
  return html`<table>
    <tr>
      <th>command</th>
      <th>result</th>
      <th>time</th>
      <th class="track"></th>
    </tr>
    ${commands.map(
      (one) =>
        html`<tr>
          <td><strong>${one.name}</strong> <code>${one.argv.join(' ')}</code></td>
          <td class="${outcomeTone[one.outcome]}">${one.detail}${one.sandboxed ? '' : ', no sandbox'}</td>
          <td class="n">${seconds(one.durationMs)}</td>
          <td class="track">
            <span
              class="bar ${one.outcome === 'passed' ? '' : outcomeTone[one.outcome]}"
              style="width:${Math.max(1, Math.round((100 * one.durationMs) / longest))}%"
            ></span>
          </td>
        </tr> `,
    )}
  </table>`
}

function output(one: CommandRecord): Html {
  if (one.tail.trim() === '') return html``
  return one.outcome === 'passed'
    ? html`<details>
        <summary>Output of ${one.name}</summary>
        <pre>${one.tail.trimEnd()}</pre>
      </details>`
    : html`<details open>
        <summary>Last output of ${one.name}</summary>
        <pre>${one.tail.trimEnd()}</pre>
      </details>`
}

function timeline({ timeline: events, startedAt, endedAt, stops }: Report): Html {
  const whole = Math.max(1, endedAt - startedAt)
  const judged = new Map(stops.map((one) => [one.record.seq, one]))
  return html`<h2>Timeline</h2>
    <table>
      <tr>
        <th>#</th>
        <th>when</th>
        <th class="track"></th>
        <th>what</th>
      </tr>
      ${events.map((event) => row(event, startedAt, whole, judged.get(event.seq)))}
    </table>`
}

/** The bar lies where the event lies between beginning and end; a stop's is as long as its judging took. */
function row(event: EventView, from: number, whole: number, stop: Explanation | undefined): Html {
  const took = stop?.durationMs ?? 0
  const left = clamp((100 * (event.at - took - from)) / whole, 0, 99)
  const width = clamp((100 * took) / whole, 0, 100 - left)
  const text = stop
    ? html`<a href="#stop-${stop.stop}" class="${tone(event)}">${event.text}</a>`
    : html`<span class="${tone(event)}">${event.text}</span>`
  return html`<tr>
    <td class="n soft">${event.seq}</td>
    <td class="n">${localTime(event.at)}</td>
    <td class="track">
      <span
        class="bar ${tone(event)}"
        style="margin-left:${left.toFixed(1)}%;width:${width.toFixed(1)}%"
      ></span>
    </td>
    <td>${text}</td>
  </tr> `
}

function tone({ weight }: EventView): string {
  return weight === 'plain' ? '' : weight
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
