import type { Line, Span } from './line.ts'

/**
 * What is never cut: a command stays whole, because somebody will copy it, and so does what stands between backticks.
 */
const piece =
  /`[^`]*`|autonomous-loop [a-z][\w-]*(?: (?:--?[\w-]+|<[^>]+>|[0-9a-f][0-9a-f-]{5,}))*[^\s`]*|codex resume \S+|git --git-dir \S+ show --stat \S+|\S+/g

/** A line in as many as it needs to be at most `width` wide. What follows begins where the last column of the first began. */
export function wrapLine(line: Line, width: number): readonly Line[] {
  const text = line.map((part) => (typeof part === 'string' ? part : part.text)).join('')
  const end = text.trimEnd().length
  if (end <= width) return [line]
  const hang = hangOf(text, width)
  const rows: { from: number; to: number }[] = []
  for (const match of text.matchAll(piece)) {
    const [from, to] = [match.index, match.index + match[0].length]
    const row = rows.at(-1)
    if (row && to - row.from + (rows.length > 1 ? hang : 0) <= width) row.to = to
    else rows.push({ from: rows.length === 0 ? 0 : from, to })
  }
  return rows.map(({ from, to }, index) => [
    ...(index === 0 ? [] : [' '.repeat(hang)]),
    ...between(line, from, to),
  ])
}

function hangOf(text: string, width: number): number {
  const columns = /^.*\S {2,}(?=\S)/.exec(text.slice(0, Math.floor(width * 0.55)))
  return columns?.[0].length ?? /^ *(?:[-+] )?/.exec(text)?.[0].length ?? 0
}

function between(line: Line, from: number, to: number): (string | Span)[] {
  const parts: (string | Span)[] = []
  let at = 0
  for (const part of line) {
    const text = typeof part === 'string' ? part : part.text
    const cut = text.slice(Math.max(0, from - at), Math.max(0, to - at))
    at += text.length
    if (cut !== '') parts.push(typeof part === 'string' ? cut : { ...part, text: cut })
  }
  return parts
}
