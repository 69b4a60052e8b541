/** An element or a piece of text of an XML file; comments and processing instructions are left out. */
export type XmlPart =
  | { readonly kind: 'open'; readonly name: string; readonly written: string; readonly empty: boolean }
  | { readonly kind: 'close'; readonly name: string; readonly written: string }
  | { readonly kind: 'text'; readonly written: string }

/** A well-formed file in order. What is not well-formed comes out as something; its reader refuses the file anyway. */
export function xmlParts(text: string): XmlPart[] {
  const parts: XmlPart[] = []
  for (let at = 0; at < text.length;) {
    const next = text.indexOf('<', at)
    const plain = text.slice(at, next === -1 ? text.length : next).trim()
    if (plain !== '') parts.push({ kind: 'text', written: plain })
    if (next === -1) break
    at = next
    const hidden = (
      [
        ['<!--', '-->'],
        ['<![CDATA[', ']]>'],
        ['<?', '?>'],
      ] as const
    ).find(([open]) => text.startsWith(open, at))
    if (hidden !== undefined) {
      const end = text.indexOf(hidden[1], at + hidden[0].length)
      const to = end === -1 ? text.length : end
      // Text that cannot be mistaken for elements.
      if (hidden[0] === '<![CDATA[')
        parts.push({ kind: 'text', written: text.slice(at + 9, to).replaceAll('<', '&lt;') })
      at = to + hidden[1].length
      continue
    }
    const end = tagEnd(text, at)
    const written = text.slice(at, end)
    const name = /^<\/?([^\s/>]*)/.exec(written)?.[1] ?? ''
    if (written.startsWith('</')) parts.push({ kind: 'close', name, written })
    else if (written.startsWith('<!')) parts.push({ kind: 'text', written })
    else parts.push({ kind: 'open', name, written, empty: written.endsWith('/>') })
    at = end
  }
  return parts
}

/** Just behind the `>` of the tag that begins at `from`; one in quotes is none. */
function tagEnd(text: string, from: number): number {
  let quote = ''
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at] as string
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (char === '>') return at + 1
  }
  return text.length
}
