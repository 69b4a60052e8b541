import { withoutControls } from '../../base/text.ts'

/** HTML that is safe to put into a page as it is. Made only by `html` below. */
export interface Html {
  readonly html: string
}

type Part = string | number | Html | readonly Html[]

/** A template whose values are text: everything but other templates is escaped. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  const parts = strings.map(
    (string, index) => string + (index < values.length ? put(values[index] ?? '') : ''),
  )
  return { html: parts.join('') }
}

/** To a place on the same page. */
export function link(to: string, what: Html | string): Html {
  return html`<a href="#${to}">${what}</a>`
}

export function joined(parts: readonly Html[]): Html {
  return { html: parts.map((one) => one.html).join(', ') }
}

function put(value: Part): string {
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value))
  return 'html' in value ? value.html : value.map((one) => one.html).join('')
}

/** Also without controls and the marks that turn text around. */
function escape(text: string): string {
  return withoutControls(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
