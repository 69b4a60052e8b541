import { globRegExp } from './glob-regexp.ts'

/** A glob, taken apart. */
export interface GlobReading {
  /** For picomatch: whatever stands for itself is escaped. */
  readonly pattern: string
  /** The glob without escapes: the path that it is when nothing in it is a wildcard. */
  readonly text: string
  /** The directory every match lies in, without escapes; all of `text` when there is no wildcard. */
  readonly base: string
  /** What follows the base, as it was written; empty when there is no wildcard. */
  readonly rest: string
  /** What opens a group that nothing closes, such as `@(` or `{`. Such a glob is a name as a whole. */
  readonly open: readonly string[]
  /** A `|` that separates nothing. */
  readonly stray: boolean
}

/** An escaped character, `@(`, `[[name]]`, `[set]`, `{a..c}`, or one character. */
const TOKEN =
  /\\[^]|[!?*+@]\(|\[\[(?!:)[^[\]/]+\]\]|\[[!^]?[\]/]?(?:\\[^]|\[:\w+:\]|[^\]\\/])*\]|\{\w\.\.\w\}|[^]/g

/** A dot that picomatch does not take for half of `..`. */
const DOT = '\\x2e'

/**
 * Directories are called `(auth)`, `[...slug]` or `foo (copy)`. Picomatch reads a regular expression there, which then matches
 * nothing, and nobody is told. So a parenthesis groups only behind one of `!?*+@`; `[[name]]`, `[...name]` and what cannot be a
 * set (`[post-id]`) are names, any other set is the name as it stands too; `|`, `+` and `"` are characters, and so are
 * braces around a single word.
 */
export function readGlob(glob: string): GlobReading {
  const open: string[] = []
  const braces: { readonly at: number; separates: boolean }[] = []
  let [pattern, text, base, last] = ['', '', '', '']
  let [from, wild, stray] = [0, false, false]
  for (const { 0: token, index } of glob.matchAll(TOKEN)) {
    const special = meaning(token, open)
    wild ||= special !== null
    stray ||= token === '|' && special === null
    if (token === '/' && !wild) [base, from] = [text, index]
    if (special === '{') braces.push({ at: pattern.length, separates: false })
    if (special === ',') for (const brace of braces.slice(-1)) brace.separates = true
    const closed = special === '}' ? braces.pop() : undefined
    // Beside a parenthesis picomatch takes it for the one of a regular expression.
    if (token === '?' && /[()]$/.test(last)) pattern += '[^/]'
    else if (token === '.' && open.includes('{')) pattern += DOT
    else if (closed?.separates === false) pattern = withPlainBrace(pattern, closed.at)
    else pattern += special ?? escaped(unescaped(token))
    text += unescaped(token)
    last = special ?? ''
  }
  if (wild && open.length === 0) return { pattern, text, base, rest: glob.slice(from), open, stray }
  return { pattern: escaped(text), text, base: text, rest: '', open, stray }
}

/** Picomatch writes `{a**}` as text that is not a regular expression, unless both braces are escaped. */
function withPlainBrace(pattern: string, at: number): string {
  return `${pattern.slice(0, at)}\\${pattern.slice(at)}\\}`
}

/** What a token is to picomatch; null when it stands for itself. Keeps `open` up to date. */
function meaning(token: string, open: string[]): string | null {
  const inside = open.at(-1)
  const inParens = inside !== undefined && inside !== '{'
  if (token.length > 1) {
    if (token.startsWith('[')) return set(token)
    if (token.startsWith('\\')) return null
    if (token.endsWith('(')) open.push(token)
    return token
  }
  switch (token) {
    case '*':
    case '?':
      return token
    case '{':
      open.push(token)
      return token
    case '(':
      // Its other half must not end the group around it.
      if (inParens) open.push(token)
      return null
    case ')':
      return inParens && open.pop() !== '(' ? token : null
    case '}':
      return inside === '{' && open.pop() ? token : null
    case ',':
      return inside === '{' ? token : null
    case '|':
      return inParens && inside !== '(' ? token : null
    default:
      return null
  }
}

/** `[a-z]`: one of these characters, or the name as it stands; null when it is only a name. */
function set(token: string): string | null {
  const body = token.slice(1, -1).replace(/^!(?=[^])/, '^')
  const isPosix = body.includes('[:')
  if (body === '' || body === '!' || body === '^' || body.includes('...')) return null
  if (body.startsWith('[') && !isPosix) return null
  // As picomatch writes it, which is not how it stands here: `[]-"]` gets a backslash and a range that runs backwards.
  if (globRegExp(`[${body}]`) === null) return null
  // Where nothing in it reads like a regular expression picomatch looks for the name by itself.
  const isBoth = body[0] !== '^' && !isPosix && /[-*+?.^${}(|)[\]]/.test(body)
  return isBoth ? `{${escaped(unescaped(token))},[${body}]}` : `[${body}]`
}

function unescaped(token: string): string {
  return token.replace(/\\([^])/g, '$1')
}

function escaped(name: string): string {
  // Of several backslashes in a row picomatch drops some.
  const plain = name.replace(/["()|+[\]{}*?,^$]|(\\)/g, (char, backslash) =>
    backslash ? '\\x5c' : `\\${char}`,
  )
  return name.length > 1 ? plain.replaceAll('.', DOT) : plain
}
