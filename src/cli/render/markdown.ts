import { withoutControls } from '../../base/text.ts'

/** Pieces of Markdown that no text can break out of. */

/** Text of an agent as text: no markup, no links, no mentions, no HTML. */
export function inline(text: string): string {
  return escaped(text.trim())
}

function escaped(text: string): string {
  return (
    // Before their brackets are escaped: then nobody would know them for controls.
    withoutControls(text)
      .replaceAll(/\s+/g, ' ')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[\\`*_{}[\]#|~!]/g, (char) => `\\${char}`)
      // A page that shows this would notify people or link elsewhere.
      .replaceAll('@', '@\u200b')
      .replaceAll(/\b(https?|www)(?=[:.])/gi, '$1\u200b')
  )
}

/** A sentence of ours with commands between backticks. */
export function withCommands(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? code(part) : escaped(part)))
    .join('')
}

export function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim().replaceAll('|', '\\|')
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
