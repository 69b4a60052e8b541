import { seconds } from '../../views/events-view.ts'
import type { EvidenceLook, Explanation } from '../../views/explain.ts'
import { commandWords } from '../../verdict/words/command.ts'
import type { CommandRecord } from '../../gates/command-record.ts'
import type { VerdictKind } from '../../verdict/judgement.ts'
import { placeWords } from '../../verdict/words/place.ts'
import { localTime } from './events.ts'
import { type Html, html } from './html.ts'

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
  return html`<section class="card" id="stop-${judgement.stop}">
    <header>
      <h3>Stop ${judgement.stop}</h3>
      <strong class="${verdictTone[judgement.verdict]}">${verdictText[judgement.verdict]}</strong
      ><span class="soft"
        >${localTime(one.at)}, judged in ${seconds(judgement.durationMs)}, ${one.used} of ${one.allowed}
        blocked</span
      >
    </header>
    <ul>
      ${one.because.map((why) => html`<li>${why}</li>`)}
    </ul>
    ${one.evidence.length === 0 ? [] : evidenceTable(one.evidence)}
    ${open.length === 0 ? [] : html`<p>Open steps of the plan: ${open.join('; ')}</p>`}
    ${commands.length === 0 ? html`<p class="soft">No command was run.</p>` : commandTable(commands, longest)}
    ${commands.map(output)}
    <details>
      <summary>What was said</summary>
      <pre>${judgement.delivered?.reason ?? 'nothing'}</pre>
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
            <span class="${one.met === true ? 'good' : one.met === false && one.required ? 'bad' : 'soft'}"
              >${one.met === null ? '–' : one.met ? '✓' : '✗'}</span
            >
            ${one.taskId}
          </td>
          <td><code>${one.asked}</code></td>
          <td>${one.words}</td>
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
          <td class="${outcomeTone[one.outcome]}">${commandWords(one)}${placeWords(one)}</td>
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
