import { durationWords } from '../../views/events-view.ts'
import type { Explanation } from '../../views/explain.ts'
import { commandWords } from '../../verdict/words/command.ts'
import type { CommandRecord } from '../../gates/command-record.ts'
import type { VerdictKind } from '../../verdict/judgement.ts'
import { placeWords } from '../../verdict/words/place.ts'
import { localTime } from './events.ts'
import { type Html, html, link } from './html.ts'
import { anchor } from './report-anchors.ts'
import { axis, bar } from './report-axis.ts'

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

/** A card for each judged stop, with an anchor `stop-<n>` that the timeline points to. */
export function stopsPart(stops: readonly Explanation[]): Html {
  const longest = Math.max(
    1,
    ...stops.flatMap((one) => one.judgement.commands.map((gate) => gate.durationMs)),
  )
  return html`<h2>Stops</h2>
    ${stops.length === 0 ? html`<p class="soft">No stop was judged yet.</p>` : []}
    ${stops.map((one) => stopCard(one, longest))}`
}

function stopCard(one: Explanation, longest: number): Html {
  const { judgement } = one
  const { commands } = judgement
  const open = judgement.session?.plan.open ?? []
  return html`<section class="card" id="${anchor.stop(judgement.stop)}">
    <header>
      <h3>Stop ${judgement.stop}</h3>
      <strong class="${verdictTone[judgement.verdict]}">${verdictText[judgement.verdict]}</strong
      ><span class="soft"
        >${localTime(one.at)}, judged in ${durationWords(judgement.durationMs)}, ${one.used} of ${one.allowed}
        blocked</span
      >
    </header>
    <ul>
      ${one.because.map((why) => html`<li>${why}</li>`)}
    </ul>
    ${one.evidence.length === 0 ? [] : evidenceTable(one)}
    ${open.length === 0 ? [] : html`<p>Open steps of the plan: ${open.join('; ')}</p>`}
    ${commands.length === 0 ? html`<p class="soft">No command was run.</p>` : commandTable(judgement.stop, commands, longest)}
    ${commands.map(output)}
    <details>
      <summary>What was said</summary>
      <pre>${judgement.delivered?.reason ?? 'nothing'}</pre>
    </details>
    <p class="soft">record ${one.record.seq}, <code>${one.record.hash.slice(0, 12)}</code></p>
  </section> `
}

function evidenceTable({ evidence, judgement }: Explanation): Html {
  return html`<table class="tasks">
    <thead>
      <tr>
        <th>evidence</th>
        <th>asked for</th>
        <th>found</th>
      </tr>
    </thead>
    <tbody>
      ${evidence.map(
        (one) =>
          html`<tr>
            <td data-label="evidence">
              <span class="${one.met === true ? 'good' : one.met === false && one.required ? 'bad' : 'soft'}"
                >${one.met === null ? '–' : one.met ? '✓' : '✗'}</span
              >
              ${link(anchor.task(one.taskId), one.taskId)} <span class="soft">${one.title}</span>
            </td>
            <td data-label="asked for"><code>${one.asked}</code></td>
            <td data-label="found">
              ${one.by.kind === 'command' ? link(anchor.gateAt(judgement.stop, one.by.name), one.words) : one.words}
            </td>
          </tr> `,
      )}
    </tbody>
  </table>`
}

export const outcomeTone = { passed: 'good', failed: 'bad', 'could-not-run': 'warn' } as const

function commandTable(stop: number, commands: readonly CommandRecord[], longest: number): Html {
  return html`<table class="commands">
    <thead>
      <tr>
        <th>gate</th>
        <th>result</th>
        <th>time</th>
        <th>${axis(longest)}</th>
      </tr>
    </thead>
    <tbody>
      ${commands.map(
        (one) =>
          html`<tr id="${anchor.gateAt(stop, one.name)}">
            <td data-label="gate">
              ${link(anchor.gate(one.name), html`<strong>${one.name}</strong>`)}
              <code>${one.argv.join(' ')}</code>
            </td>
            <td data-label="result" class="${outcomeTone[one.outcome]}">
              ${commandWords(one)}${placeWords(one)}
            </td>
            <td data-label="time" class="n">${durationWords(one.durationMs)}</td>
            <td class="track">
              ${bar(0, one.durationMs, longest, one.outcome === 'passed' ? '' : outcomeTone[one.outcome])}
            </td>
          </tr> `,
      )}
    </tbody>
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
