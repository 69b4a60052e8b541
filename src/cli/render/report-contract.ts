import { durationWords } from '../../views/events-view.ts'
import { commandWords } from '../../verdict/words/command.ts'
import { unnoticedWords } from '../../verdict/words/unnoticed.ts'
import type { Report } from '../../views/report.ts'
import { type Html, html, joined, link } from './html.ts'
import { anchor } from './report-anchors.ts'
import { outcomeTone } from './report-stops.ts'
import { scopeLine } from './scope.ts'
import { verifiedWords } from './verified.ts'
import { unprovedWords } from '../../verdict/words/unproved.ts'

/** What was frozen, with how each task and gate stood when it was last looked at. */
export function contractPart(report: Report): Html {
  const { contract, contractHash } = report
  const rest = contract.objective.split('\n').slice(1).join('\n').trim()
  const { limits, policy } = contract
  const more = [
    `${limits.maxStopIterations} stops`,
    `the same blocker ${limits.maxRepeatedFailureSignature} times`,
    ...(limits.maxMinutes === undefined ? [] : [`${limits.maxMinutes} minutes`]),
    ...(limits.maxTokens === undefined ? [] : [`${limits.maxTokens} tokens`]),
  ]
  const verified = verifiedWords(report.verified)
  const scope = scopeLine(contract)
  const notProved = unprovedWords(report)
  return html`<h2>Contract</h2>
    ${rest === '' ? [] : html`<pre>${rest}</pre>`} ${tasksTable(report)} ${gatesTable(report)}
    <dl>
      <dt>gates run</dt>
      <dd>
        ${policy.sandbox === 'on' ? "in Codex's sandbox" : html`<span class="warn">without the sandbox</span>`}
      </dd>
      ${
        verified === null
          ? []
          : html`<dt>verified</dt>
              <dd>${verified}</dd>`
      }
      ${
        scope === null
          ? []
          : html`<dt>may differ</dt>
              <dd>${scope}</dd>`
      }
      ${
        notProved === null
          ? []
          : html`<dt>not proved</dt>
              <dd><span class="warn">${notProved}</span></dd>`
      }
      ${
        report.unnoticed.length === 0
          ? []
          : html`<dt>notice</dt>
              <dd><span class="warn">${unnoticedWords(report.unnoticed)}</span></dd>`
      }
      <dt>limits</dt>
      <dd>${more.join(', ')}</dd>
      <dt>contract</dt>
      <dd><code>${contractHash.slice(0, 12)}</code></dd>
    </dl>`
}

/** One row for each piece of evidence, under its task. */
function tasksTable({ tasks, stops }: Report): Html {
  const last = stops.at(-1)?.judgement
  const ran = (gate: string | null) => last?.commands.some((one) => one.name === gate) === true
  return html`<table class="tasks">
    <thead>
      <tr>
        <th>task</th>
        <th>asked for</th>
        <th>at the last stop</th>
      </tr>
    </thead>
    ${tasks.map(
      (task) =>
        html`<tbody id="${anchor.task(task.id)}">
          ${task.evidence.map(
            (one, index) =>
              html`<tr>
                ${
                  index > 0
                    ? html`<td class="same"></td>`
                    : html`<td data-label="task">
                        <strong>${task.id}</strong>
                        ${task.title}${task.required ? [] : html` <span class="soft">(optional)</span>`}${task.dependsOn.length === 0 ? [] : html` <span class="soft">after ${task.dependsOn.join(', ')}</span>`}
                      </td>`
                }
                <td data-label="asked for">
                  ${one.gate === null ? html`<code>${one.asked}</code>` : link(anchor.gate(one.gate), html`<code>${one.asked}</code>`)}
                </td>
                <td data-label="at the last stop">
                  ${last && one.gate !== null && ran(one.gate) ? link(anchor.gateAt(last.stop, one.gate), found(one, task.required)) : found(one, task.required)}
                </td>
              </tr> `,
          )}
        </tbody> `,
    )}
  </table>`
}

function gatesTable({ gates }: Report): Html {
  if (gates.length === 0) return html`<p class="soft">No gate is asked for.</p>`
  return html`<table class="gates">
    <thead>
      <tr>
        <th>gate</th>
        <th>command</th>
        <th>proves</th>
        <th>last run</th>
      </tr>
    </thead>
    <tbody>
      ${gates.map(
        ({ name, argv, proves, last }) =>
          html`<tr id="${anchor.gate(name)}">
            <td data-label="gate"><strong>${name}</strong></td>
            <td data-label="command">
              ${argv.length === 0 ? 'not in the approved config' : html`<code>${argv.join(' ')}</code>`}
            </td>
            <td data-label="proves">
              ${
                proves.length === 0
                  ? html`<span class="soft">the release only</span>`
                  : joined(proves.map((id) => link(anchor.task(id), id)))
              }
            </td>
            <td data-label="last run">
              ${
                last === null
                  ? html`<span class="soft">never</span>`
                  : html`<span class="${outcomeTone[last.command.outcome]}"
                        >${commandWords(last.command)}</span
                      >
                      at ${link(anchor.gateAt(last.stop, name), `stop ${last.stop}`)},
                      ${durationWords(last.command.durationMs)}`
              }
            </td>
          </tr> `,
      )}
    </tbody>
  </table>`
}

function found(one: { readonly met: boolean | null; readonly words: string }, required: boolean): Html {
  if (one.met === null) return html`<span class="soft">– ${one.words}</span>`
  return one.met
    ? html`<span class="good">✓ met</span> ${one.words}`
    : html`<span class="${required ? 'bad' : 'soft'}">✗ missing</span> ${one.words}`
}
