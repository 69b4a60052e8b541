import type { EventView } from '../../views/events-view.ts'
import type { Explanation } from '../../views/explain.ts'
import type { Report } from '../../views/report.ts'
import { localTime } from './events.ts'
import { type Html, html, link } from './html.ts'
import { anchor } from './report-anchors.ts'
import { axis, bar } from './report-axis.ts'

/** Every record of the run in its order, stops with a link to their card. */
export function timeline({ timeline: events, startedAt, endedAt, stops }: Report): Html {
  const whole = Math.max(1, endedAt - startedAt)
  const judged = new Map(stops.map((one) => [one.record.seq, one]))
  return html`<h2>Timeline</h2>
    <table class="timeline">
      <thead>
        <tr>
          <th>#</th>
          <th>when</th>
          <th>${axis(whole)}</th>
          <th>what</th>
        </tr>
      </thead>
      <tbody>
        ${events.map((event) => row(event, startedAt, whole, judged.get(event.seq)))}
      </tbody>
    </table>`
}

/** The bar lies where the event lies between beginning and end; a stop's is as long as its judging took. */
function row(event: EventView, from: number, whole: number, stop: Explanation | undefined): Html {
  const took = stop?.judgement.durationMs ?? 0
  const tone = event.weight === 'plain' ? '' : event.weight
  const text = html`<span class="${tone}">${event.text}</span>`
  return html`<tr>
    <td class="n soft">${event.seq}</td>
    <td class="n">${localTime(event.at)}</td>
    <td class="track">${bar(event.at - took - from, took, whole, tone)}</td>
    <td class="what">${stop ? link(anchor.stop(stop.judgement.stop), text) : text}</td>
  </tr> `
}
