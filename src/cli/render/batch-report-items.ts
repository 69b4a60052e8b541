import type {
  BatchReport,
  Claimed,
  PassedGate,
  ReportItem,
  Verified,
} from '../../views/batch-report/shape.ts'
import type { Try } from '../../views/batch-report/tries.ts'
import { durationWords } from '../../views/events-view.ts'
import { byWords, count, figure, localTimeOf, short, tryWords } from './batch-report-words.ts'
import { type Html, html, joined, link } from './html.ts'
import { folded, table } from './report-table.ts'

/** Longer lists are folded: a night of two hundred items is looked through from above. */
const FEW = 12

/** Where an item stands on the page. Its id is what a person named a file. */
export const itemAnchor = (id: string): string => `item-${encodeURIComponent(id)}`

/** What we saw ourselves. */
export function verifiedPart({ verified, items }: BatchReport): Html {
  const earlier = items.filter((one) => one.earlier)
  return html`<h2 id="verified">Verified by us</h2>
    ${
      verified.length === 0
        ? html`<p class="soft">No item.</p>`
        : html`<p class="soft">
              In the head, and every gate passed on exactly that tree in a checkout that no agent wrote to.
            </p>
            ${folded(count(verified.length, 'item'), verifiedTable(verified), verified.length <= FEW)}`
    }
    ${
      earlier.length === 0
        ? []
        : html`<p class="soft">Done by an earlier batch: ${earlier.map((one) => one.id).join(', ')}.</p>`
    }`
}

function verifiedTable(verified: readonly Verified[]): Html {
  return table(
    'verified',
    ['item', 'commit', 'gates', 'when, by whom', 'landed'],
    verified.map((one) => [
      html`${link(itemAnchor(one.item), html`<strong>${one.item}</strong>`)} ${one.title}`,
      html`<code>${short(one.commit)}</code>`,
      gates(one),
      html`${localTimeOf(one.at)} <span class="soft">${byWords(one)}</span>`,
      one.landed ? html`<span class="good">yes</span>` : html`<span class="warn">not yet</span>`,
    ]),
    'Verified items',
  )
}

function gates({ gates: passed, not_asked: without }: Verified): Html {
  return html`${passed.length === 0 ? html`<span class="soft">none is asked for</span>` : joined(passed.map(gate))}${
    without.length === 0
      ? ''
      : html` <span class="warn">not asked, red before anybody worked: ${without.join(', ')}</span>`
  }`
}

function gate({ name, ms, place, reused, flaky }: PassedGate): Html {
  const marks = [
    ...(reused ? ['passed before'] : [durationWords(ms)]),
    ...(place === 'in-place' ? ['in place'] : []),
  ]
  return html`<span class="good">✓</span> ${name}
    <span class="soft">${marks.join(', ')}</span>${flaky ? html` <span class="warn">flaky</span>` : ''}`
}

/** What agents said. Nobody checked a word of it. */
export function claimedPart({ claimed }: BatchReport): Html {
  const open = claimed.filter((one) => !one.verified)
  const done = claimed.filter((one) => one.verified)
  if (claimed.length === 0)
    return html`<h2 id="claimed">Claimed by agents, not verified</h2>
      <p class="soft">Nothing.</p>`
  return html`<h2 id="claimed">Claimed by agents, not verified</h2>
    <p class="soft">Their own words. Nothing of this was checked, and nothing was decided by it.</p>
    ${open.length === 0 ? [] : folded(`Of work that is not done: ${count(open.length, 'claim')}`, list(open), open.length <= FEW)}
    ${done.length === 0 ? [] : folded(`Of work that is done: ${count(done.length, 'claim')}`, list(done), false)}`
}

function list(claims: readonly Claimed[]): Html {
  return html`${claims.map(
    (one) =>
      html`<section class="claim">
        <h3>
          ${link(itemAnchor(one.item), one.item)}, attempt ${one.attempt}
          <span class="soft">${one.agent}, ${localTimeOf(one.at)}</span>
        </h3>
        <p><span class="warn">claimed</span> ${claimWords(one)}</p>
        ${one.text === '' ? [] : html`<pre>${one.text}</pre>`}
        ${one.cut ? html`<p class="soft">Shortened.</p>` : []}
      </section>`,
  )}`
}

/** What it said of its own work, in its word for it, and how often where that word is the one that counts for nothing. */
export function claimWords({ status, complete_claims: times, verified }: Claimed): string {
  const often = status === 'complete' && times > 1 ? `, ${times} times in this attempt` : ''
  return `“${status}”${often}${status === 'complete' && !verified ? '; it is not done' : ''}`
}

/** Every attempt at what is not done, and how it ended. */
export function unfinishedPart({ items }: BatchReport): Html {
  const open = items.filter((one) => one.state !== 'done' && one.tries.length > 0)
  const idle = items.filter((one) => one.state !== 'done' && one.tries.length === 0)
  if (open.length + idle.length === 0) return html``
  return html`<h2 id="not-done">Not done</h2>
    ${open.map((one) => folded(headOf(one), tries(one), open.length <= FEW / 2 && one.attempts <= FEW))}
    ${
      idle.length === 0
        ? []
        : folded(
            `Without an attempt: ${count(idle.length, 'item')}`,
            html`<ul>
              ${idle.map((one) => html`<li>${link(itemAnchor(one.id), one.id)} ${one.title}: ${one.state}</li>`)}
            </ul>`,
            idle.length <= FEW / 2,
          )
    }`
}

const headOf = ({ id, title, state, code, attempts }: ReportItem): string =>
  `${id} ${title}: ${state}${code === null ? '' : ` (${code})`}, ${count(attempts, 'attempt')}`

function tries({ tries: all }: ReportItem): Html {
  return table(
    'tries',
    ['attempt', 'agent', 'took', 'how it ended'],
    all.map((one) => [one.attempt, agents(one), took(one), ending(one)]),
    'Attempts',
  )
}

const agents = ({ agents: names, effort }: Try): string =>
  `${names.join(', then ')}${effort === null ? '' : `, ${effort}`}`

function took({ turns, working_ms: ms, tokens }: Try): string {
  return [
    count(turns, 'turn'),
    durationWords(ms),
    ...(tokens === null ? [] : [`${figure(tokens)} tokens`]),
  ].join(', ')
}

function ending(one: Try): Html {
  return html`<ul>
    ${tryWords(one).map((words) => html`<li>${words}</li>`)}
    ${one.rescue === null ? [] : html`<li class="soft">kept as <code>${one.rescue}</code></li>`}
  </ul>`
}
