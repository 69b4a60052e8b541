import type { Report } from '../../views/report.ts'
import { type Html, html } from './html.ts'

/** What was frozen, with how each task stood at the last stop. */
export function contractPart({ contract, contractHash, tasks, gates }: Report): Html {
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
            <td>${task.evidence.map((one) => html`<code>${one.asked}</code><br />`)}</td>
            <td>${task.evidence.map((one) => html`${met(one.met)} ${one.words}<br />`)}</td>
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
