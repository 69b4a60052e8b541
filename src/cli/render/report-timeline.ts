import type { EventView } from '../../views/events-view.ts'
import type { Explanation } from '../../views/explain.ts'
import type { Report } from '../../views/report.ts'
import { localTime } from './events.ts'
import { type Html, html } from './html.ts'

/** Every record of the run in its order, stops with a link to their card. */
export function timeline({ timeline: events, startedAt, endedAt, stops }: Report): Html {
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
  const took = stop?.judgement.durationMs ?? 0
  const left = clamp((100 * (event.at - took - from)) / whole, 0, 99)
  const width = clamp((100 * took) / whole, 0, 100 - left)
  const text = stop
    ? html`<a href="#stop-${stop.judgement.stop}" class="${tone(event)}">${event.text}</a>`
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
