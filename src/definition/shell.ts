/** A shell text, taken apart only as far as pins need: which simple commands it may start, and where subshells begin and end. */
export type ShellPart =
  | { readonly kind: 'command'; readonly argv: readonly string[] }
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }

const RESERVED = new Set(
  'if then elif else fi while until do done case esac { } ! time exec command builtin'.split(' '),
)
/** Bounds: the text itself is pinned whole, so what lies beyond them is still watched, only not followed. */
const MAX_TEXT = 64 * 1024
const MAX_WORDS = 200
const MAX_DEPTH = 20

/**
 * Every simple command a POSIX shell text may run, in order, without assignments, reserved words and redirections.
 * It errs on the side of too many: both branches of `||`, here-document bodies and substitutions count too, because
 * a command missed is a definition left unpinned, while one too many is a pin that never changes.
 */
export function parseShell(text: string): ShellPart[] {
  return parse(text.slice(0, MAX_TEXT), 0)
}

function parse(source: string, depth: number): ShellPart[] {
  const parts: ShellPart[] = []
  const late: ShellPart[] = []
  let argv: string[] = []
  let word: string | null = null
  let skipNext = false
  let at = 0

  const endWord = (): void => {
    if (word === null) return
    if (skipNext) skipNext = false
    else argv.push(word)
    word = null
  }
  const endCommand = (): void => {
    endWord()
    skipNext = false
    const from = argv.findIndex((arg) => !RESERVED.has(arg) && !/^\w+=/.test(arg))
    if (from !== -1) parts.push({ kind: 'command', argv: argv.slice(from, from + MAX_WORDS) })
    argv = []
    for (const part of late.splice(0)) parts.push(part)
  }
  const substitution = (end: string): void => {
    const from = at
    at = end === '`' ? closeAt(source, from, '`') : closingParen(source, from)
    if (depth < MAX_DEPTH) {
      late.push({ kind: 'open' })
      for (const part of parse(source.slice(from, at), depth + 1)) late.push(part)
      late.push({ kind: 'close' })
    }
    word = `${word ?? ''}$(${source.slice(from, at)})`
  }

  while (at < source.length) {
    const char = source[at++] as string
    if (char === '\\') {
      const next = source[at++]
      if (next !== '\n' && next !== undefined) word = (word ?? '') + next
    } else if (char === "'") {
      const end = closeAt(source, at, "'")
      word = (word ?? '') + source.slice(at, end)
      at = end + 1
    } else if (char === '"') {
      word ??= ''
      while (at < source.length && source[at] !== '"') {
        const inner = source[at++] as string
        if (inner === '\\' && at < source.length) word += source[at++] as string
        else if ((inner === '$' && source[at] === '(') || inner === '`') {
          if (inner === '$') at++
          substitution(inner === '`' ? '`' : ')')
          at++
        } else word += inner
      }
      at++
    } else if ((char === '$' && source[at] === '(') || char === '`') {
      if (char === '$') at++
      substitution(char === '`' ? '`' : ')')
      at++
    } else if (char === '#' && word === null) {
      at = closeAt(source, at, '\n')
    } else if (char === ' ' || char === '\t' || char === '\r') {
      endWord()
    } else if (char === '<' || char === '>') {
      if (word !== null && /^\d+$/.test(word)) word = null
      endWord()
      while ('<>&|-'.includes(source[at] ?? ' ')) at++
      skipNext = true
    } else if (char === '\n' || char === ';' || char === '&' || char === '|') {
      endCommand()
    } else if (char === '(' || char === ')') {
      endCommand()
      parts.push({ kind: char === '(' ? 'open' : 'close' })
    } else {
      word = (word ?? '') + char
    }
  }
  endCommand()
  return parts
}

function closeAt(text: string, from: number, char: string): number {
  const end = text.indexOf(char, from)
  return end === -1 ? text.length : end
}

/** Index of the `)` that closes a substitution whose content starts at `from`. */
function closingParen(text: string, from: number): number {
  let depth = 1
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at
  }
  return text.length
}
