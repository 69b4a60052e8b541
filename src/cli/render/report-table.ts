import { type Html, html } from './html.ts'

/** A cell; its heading is said beside it where the screen is too narrow for columns. */
export type Cell = Html | string | number

/**
 * A table that stays one for a screen reader where the style makes lists of its rows: what is no longer shown as a table has to say
 * itself that it is.
 */
export function table(
  kind: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  caption: string,
): Html {
  return html`<table class="${kind}" role="table" aria-label="${caption}">
    <thead role="rowgroup">
      <tr role="row">
        ${heads.map((head) => html`<th role="columnheader" scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (row) =>
          html`<tr role="row">
            ${row.map((cell, nth) => html`<td role="cell" data-label="${heads[nth] ?? ''}">${cell}</td>`)}
          </tr> `,
      )}
    </tbody>
  </table>`
}

/** Open where it is short. */
export function folded(summary: string, what: Html, isOpen: boolean): Html {
  return isOpen
    ? html`<details open>
        <summary>${summary}</summary>
        ${what}
      </details>`
    : html`<details>
        <summary>${summary}</summary>
        ${what}
      </details>`
}
