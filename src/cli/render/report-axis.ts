import { durationWords } from '../../views/events-view.ts'
import { type Html, html } from './html.ts'

/** What the bars below it are measured by: nothing at the left, the whole at the right. `wholeMs` in ms. */
export function axis(wholeMs: number): Html {
  return html`<span class="axis"><span>0</span><span>${durationWords(wholeMs)}</span></span>`
}

/** A bar on such an axis, from `fromMs`, `tookMs` long. */
export function bar(fromMs: number, tookMs: number, wholeMs: number, tone: string): Html {
  const left = clamp((100 * fromMs) / wholeMs, 0, 99)
  const width = clamp((100 * tookMs) / wholeMs, 0, 100 - left)
  return html`<span
    class="bar ${tone}"
    style="margin-left:${left.toFixed(1)}%;width:${width.toFixed(1)}%"
  ></span>`
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
