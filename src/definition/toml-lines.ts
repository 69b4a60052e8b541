/** One table of a TOML file. `name` without quotes and blanks, '' for what stands before the first header. */
export interface TomlTable {
  readonly name: string
  /** The header as written; '' for none. */
  readonly header: string
  /** One value each: comments removed, strings and arrays of several lines in one. */
  readonly lines: readonly string[]
}

/** A TOML file taken apart as far as pins need: headers inside strings and arrays are none. */
export function tomlTables(text: string): TomlTable[] {
  let lines: string[] = []
  const tables: TomlTable[] = [{ name: '', header: '', lines }]
  for (const line of logicalLines(text)) {
    const header = /^\[{1,2}([^[\]=]+)\]{1,2}$/.exec(line)
    if (header === null) lines.push(line)
    else
      tables.push({ name: (header[1] as string).replace(/["'\s]/g, ''), header: line, lines: (lines = []) })
  }
  return tables
}

/** Name of the key of a line, without quotes and blanks; with an escape in it, it may be any. */
export function tomlKey(line: string): string {
  return line.slice(0, Math.max(0, line.indexOf('='))).replace(/["'\s]/g, '')
}

function logicalLines(text: string): string[] {
  const lines: string[] = []
  let line = ''
  let depth = 0
  for (let at = 0; at < text.length;) {
    const char = text[at] as string
    if (char === '#') {
      const end = text.indexOf('\n', at)
      at = end === -1 ? text.length : end
      continue
    }
    if (char === '"' || char === "'") {
      const end = stringEnd(text, at, char)
      line += text.slice(at, end).replaceAll('\n', ' ')
      at = end
      continue
    }
    if (char === '\n' && depth === 0) {
      if (line.trim() !== '') lines.push(line.trim())
      line = ''
    } else {
      if (char === '[' || char === '{') depth++
      if ((char === ']' || char === '}') && depth > 0) depth--
      line += /\s/.test(char) ? ' ' : char
    }
    at++
  }
  if (line.trim() !== '') lines.push(line.trim())
  return lines
}

/** Just behind the string that begins at `from`. */
function stringEnd(text: string, from: number, quote: string): number {
  const long = text.startsWith(quote.repeat(3), from)
  const close = long ? quote.repeat(3) : quote
  for (let at = from + close.length; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++
    else if (!long && text[at] === '\n') return at
    else if (text.startsWith(close, at)) {
      at += close.length
      // `""""` ends with a quote that belongs to the string.
      if (long) while (text[at] === quote) at++
      return at
    }
  }
  return text.length
}
