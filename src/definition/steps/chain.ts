import { parseShell } from '../shell.ts'

/** One command of a chain, with what of the shell's state before it has to be made again in front of it. */
export interface Link {
  /** `cd`, `export`, `set` and assignments before it, as written. */
  readonly state: readonly string[]
  /** What only looks or prints before it, and the command. */
  readonly text: string
  readonly argv: readonly string[]
  /** Nothing but plain words: the argv says all. */
  readonly plain: boolean
}

/** Built in, and nothing of them outlives the step but what is made again. */
const STATE = new Set(['cd', 'export', 'set', 'umask', 'unset'])
/** Built in, without a process that could be in anybody's reach. */
const QUIET = new Set(['echo', ':', 'true', 'printf', 'test', '['])
/** Words that make more than a chain, or change how the shell goes on. */
const LOGIC = new Set(
  `if then elif else fi while until for do done case esac select function { } ! time coproc [[ eval source . exit return
  trap alias unalias shift read wait ulimit local declare typeset readonly let break continue command builtin pushd popd
  shopt hash getopts bg fg jobs exec`.split(/\s+/),
)
const MAX_LINKS = 50
/** Longest text that is taken apart. Characters. */
const MAX_TEXT = 64 * 1024

/**
 * The commands of a shell text that runs one after the other and ends at the first failure: joined by `&&`, or under
 * `set -e` (`errexit`) by line ends and semicolons. Null when there is anything more to it.
 */
export function chainOf(text: string, errexit: boolean): readonly Link[] | null {
  const split = text.length > MAX_TEXT ? null : splitChain(text)
  if (split === null || split.parts.length > MAX_LINKS) return null
  const stops = errexit || /^set -[a-z]*e/.test(split.parts[0] ?? '')
  if (split.by.size > 1 || (split.by.has(';') && !stops)) return null
  const links: Link[] = []
  const state: string[] = []
  let quiet: string[] = []
  for (const [at, whole] of split.parts.entries()) {
    const isLast = at === split.parts.length - 1
    const part = isLast ? whole.replace(/^exec\s+(?![-<>0-9])/, '') : whole
    const argv = argvOf(part)
    if (argv === null) return null
    const first = argv[0]
    if (first === undefined || STATE.has(first)) {
      if (!isPlain(part, argv) && !/^(?:export\s+)?\w+=(?:[^\s*?[]|\\\s)*$/.test(part)) return null
      state.push(part)
    } else if (QUIET.has(first) && !isLast) quiet.push(part)
    else {
      links.push({
        state: [...state],
        text: [...quiet, part].join(' && '),
        argv,
        plain: isPlain(part, argv) && quiet.length === 0,
      })
      quiet = []
    }
  }
  // A test or an assignment at the end decides, too.
  return quiet.length > 0 || state.length > (links.at(-1)?.state.length ?? 0) ? null : links
}

/** Null: it is no simple command. Empty: assignments alone. */
function argvOf(part: string): readonly string[] | null {
  const [first = ''] = part.split(/\s/)
  if (LOGIC.has(first)) return null
  const found = parseShell(part)
  const [only] = found
  if (found.length === 0) return /^\w+=/.test(part) ? [] : null
  return found.length === 1 && only?.kind === 'command' && !LOGIC.has(only.argv[0] ?? '') ? only.argv : null
}

function isPlain(part: string, argv: readonly string[]): boolean {
  return (
    argv.every((word) => /^[\w./:@=,+%-]+$/.test(word)) &&
    part.trim().split(/\s+/).join(' ') === argv.join(' ')
  )
}

/** The parts between `&&`, `;` and line ends outside of quotes; null at pipes, groups, substitutions, comments and the like. */
function splitChain(text: string): { readonly parts: string[]; readonly by: Set<string> } | null {
  const parts: string[] = []
  const by = new Set<string>()
  let part = ''
  let waiting = ''
  const end = (separator: string): boolean => {
    const isEmpty = part.trim() === ''
    // A line end after `&&` is white space, and an empty line nothing.
    if (isEmpty) return separator === '\n'
    if (waiting !== '') by.add(waiting)
    parts.push(part.trim())
    part = ''
    waiting = separator === '\n' ? ';' : separator
    return true
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    const next = text[at + 1]
    if (char === '\\') part += char + (text[++at] ?? '')
    else if (char === "'" || char === '"') {
      const close = closeOf(text, at)
      if (close === -1 || (char === '"' && /`|\$\(/.test(text.slice(at, close)))) return null
      part += text.slice(at, close + 1)
      at = close
    } else if (char === '&' && next === '&') {
      if (!end('&&')) return null
      at++
    } else if (char === '&' && '<>'.includes(part.at(-1) ?? ' ')) part += char
    else if (char === ';' || char === '\n') {
      if (!end(char)) return null
    } else if (/[|&()`]/.test(char) || (char === '<' && (next === '<' || next === '('))) return null
    else if (char === '#' && /^\s?$/.test(part.at(-1) ?? '')) return null
    else part += char
  }
  if (part.trim() === '' ? waiting === '&&' : !end('\n')) return null
  return parts.length === 0 ? null : { parts, by }
}

function closeOf(text: string, from: number): number {
  const quote = text[from]
  for (let at = from + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++
    else if (text[at] === quote) return at
  }
  return -1
}
