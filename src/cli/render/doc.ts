import { styleText } from 'node:util'
import { withoutControls } from '../../base/text.ts'

/** What a piece of text means to its reader; colour is decided when it is printed. */
export type Tone = 'strong' | 'quiet' | 'good' | 'bad' | 'warn'
export interface Span {
  readonly text: string
  readonly tone: Tone
}
export type Line = readonly (string | Span)[]
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

/** The text of a document, with a line feed at its end. Everything in it is data: terminal controls of an agent do nothing. */
export function printDoc(doc: Doc, colour: boolean): string {
  return doc
    .map((line) => (typeof line === 'string' ? [line] : line).map((part) => printPart(part, colour)).join(''))
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
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
