import { styleText } from 'node:util'
import { withoutControls } from '../../base/text.ts'
import type { Line, Span, Tone } from './line.ts'
import { wrapLine } from './wrap-line.ts'

export type { Line, Span, Tone } from './line.ts'

/** Text for people, as data. */
export type Doc = readonly (string | Line)[]

export const strong = (text: string): Span => ({ text, tone: 'strong' })
export const quiet = (text: string): Span => ({ text, tone: 'quiet' })
export const good = (text: string): Span => ({ text, tone: 'good' })
export const bad = (text: string): Span => ({ text, tone: 'bad' })
export const warn = (text: string): Span => ({ text, tone: 'warn' })

const styles: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  strong: 'bold',
  quiet: 'dim',
  good: 'green',
  bad: 'red',
  warn: 'yellow',
}

/**
 * The text of a document, with a line feed at its end. Everything in it is data: terminal controls of an agent do nothing.
 * `screen`: columns of the screen it is for; null where it is read by something else.
 */
export function printDoc(doc: Doc, colour: boolean, screen: number | null = null): string {
  const lines = doc.map((line): Line => (typeof line === 'string' ? [line] : line))
  const shown = screen === null ? lines : lines.flatMap(oneByOne).flatMap((line) => wrapLine(line, screen))
  return shown
    .map((line) => line.map((part) => printPart(part, colour)).join(''))
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

/** A text may have several lines; as they will be printed. */
function oneByOne(line: Line): Line[] {
  const lines: (string | Span)[][] = [[]]
  for (const part of line) {
    const texts = withoutControls(typeof part === 'string' ? part : part.text)
      .replaceAll('\t', '    ')
      .split('\n')
    for (const [index, text] of texts.entries()) {
      if (index > 0) lines.push([])
      lines.at(-1)?.push(typeof part === 'string' ? text : { ...part, text })
    }
  }
  return lines
}

/** Rows as aligned columns, `indent` spaces before the first; the last column is not padded. */
export function columns(rows: readonly Line[], indent = 0): Line[] {
  const widths: number[] = []
  for (const row of rows)
    row.slice(0, -1).forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, width(cell))
    })
  return rows.map((row) => [
    ' '.repeat(indent),
    ...row.flatMap((cell, index) =>
      index === row.length - 1 ? [cell] : [cell, ' '.repeat((widths[index] ?? 0) - width(cell) + 2)],
    ),
  ])
}

/** Each line of a text, indented. */
export function indented(text: string, spaces: number): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `${' '.repeat(spaces)}${line}`)
}

function printPart(part: string | Span, colour: boolean): string {
  if (typeof part === 'string') return withoutControls(part)
  const text = withoutControls(part.text)
  return colour && text !== '' ? styleText(styles[part.tone], text, { validateStream: false }) : text
}

function width(part: string | Span): number {
  return Array.from(withoutControls(typeof part === 'string' ? part : part.text)).length
}
