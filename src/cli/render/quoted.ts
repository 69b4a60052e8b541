import { withoutControls } from '../../base/text.ts'
import { type Doc, type Line, quiet } from './doc.ts'

/** Columns of a line of it. */
const WIDTH = 76

/** What an agent or a program wrote, behind a bar that it cannot write itself, so that nobody takes it for ours. */
export function quoted(text: string, indent = 2): Doc {
  return text.trimEnd() === '' ? [] : quotedLines(withoutControls(text).trimEnd().split('\n'), indent)
}

export function quotedLines(lines: readonly string[], indent = 2): Line[] {
  const room = WIDTH - indent - 2
  return lines.flatMap((line) =>
    rowsOf(Array.from(withoutControls(line).replaceAll('\t', '    ')), room).map((row): Line => [
      ' '.repeat(indent),
      quiet('│ '),
      row,
    ]),
  )
}

/** Cut behind a space where one is near. */
function rowsOf(letters: readonly string[], room: number): readonly string[] {
  const rows: string[] = []
  for (let at = 0; at < letters.length || rows.length === 0;) {
    const row = letters.slice(at, at + room)
    const space = at + room < letters.length ? row.lastIndexOf(' ') + 1 : 0
    const length = space > room / 2 ? space : row.length
    rows.push(row.slice(0, length).join(''))
    at += Math.max(1, length)
  }
  return rows
}
