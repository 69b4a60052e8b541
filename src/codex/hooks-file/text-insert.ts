import type { Node } from 'jsonc-parser'

/** One change of a text. Applied from the end to the start, so that offsets stay true. */
export interface Edit {
  readonly offset: number
  readonly length: number
  readonly content: string
}

export interface Item {
  /** Key when the container is an object, null for an array. */
  readonly key: string | null
  readonly value: unknown
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text
  for (const edit of [...edits].sort((a, b) => b.offset - a.offset))
    result = result.slice(0, edit.offset) + edit.content + result.slice(edit.offset + edit.length)
  return result
}

/**
 * Adds items at the end of an object or array as one pure insertion: no byte that was there changes, so taking the
 * inserted text out again restores the original. Indentation and line ends follow the neighbours.
 */
export function insertAtEnd(text: string, container: Node, items: readonly Item[]): Edit {
  const last = container.children?.at(-1)
  if (last) {
    const gap = spaceBefore(text, last.offset)
    const body = items
      .map((item) => `,${gap}${render(text, item, gap.includes('\n') ? indentOf(gap) : null)}`)
      .join('')
    return { offset: last.offset + last.length, length: 0, content: body }
  }
  const offset = container.offset + 1
  if (!text.trim().includes('\n'))
    return { offset, length: 0, content: items.map((item) => render(text, item, null)).join(',') }
  const outer = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', container.offset) + 1))?.[0] ?? ''
  const eol = eolOf(text)
  const inner = outer + unitOf(text)
  const body = items.map((item) => `${eol}${inner}${render(text, item, inner)}`).join(',')
  const closed = text.slice(offset, container.offset + container.length - 1).includes('\n')
  return { offset, length: 0, content: closed ? body : `${body}${eol}${outer}` }
}

/** The text of a value put where another one stood, in the style of its line. */
export function replaceValue(text: string, node: Node, value: unknown): Edit {
  const gap = spaceBefore(text, node.offset)
  const multiLine = text.slice(node.offset, node.offset + node.length).includes('\n')
  const indent = gap.includes('\n') ? indentOf(gap) : ''
  return {
    offset: node.offset,
    length: node.length,
    content: render(text, { key: null, value }, multiLine ? indent : null),
  }
}

/** Takes out child `index` of an array, or property `index` of an object, with the one comma that belongs to it. */
export function removeChild(container: Node, index: number): Edit {
  const children = container.children ?? []
  const [child, previous, next] = [children[index], children[index - 1], children[index + 1]]
  if (!child) throw new Error(`no child ${index}`)
  const end = child.offset + child.length
  if (previous) return span(previous.offset + previous.length, end)
  if (next) return span(child.offset, next.offset)
  return span(container.offset + 1, container.offset + container.length - 1)
}

/** An edit that deletes. */
const span = (start: number, end: number): Edit => ({ offset: start, length: end - start, content: '' })

/** On one line when `indent` is null. */
function render(text: string, item: Item, indent: string | null): string {
  const key = item.key === null ? '' : `${JSON.stringify(item.key)}:${indent === null ? '' : ' '}`
  if (indent === null) return key + JSON.stringify(item.value)
  return key + JSON.stringify(item.value, null, unitOf(text)).replaceAll('\n', eolOf(text) + indent)
}

function spaceBefore(text: string, offset: number): string {
  return /[ \t\r\n]*$/.exec(text.slice(0, offset))?.[0] ?? ''
}

function indentOf(gap: string): string {
  return gap.slice(gap.lastIndexOf('\n') + 1)
}

function eolOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n'
}

/** One level of indentation: what stands before the first key, if that has a line of its own. */
function unitOf(text: string): string {
  return /^\s*\{[ \t]*\r?\n([ \t]+)"/.exec(text)?.[1] ?? '  '
}
