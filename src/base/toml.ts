import { type Result, fail, ok } from './result.ts'

/** A value of a TOML file, with the names on the way to it; numbers and dates come as they are written. */
export interface TomlValue {
  readonly path: readonly string[]
  readonly value: string | boolean
}

const MAX_CHARS = 1_000_000

/** What stands before it is passed over; then a line end, one of four kinds of text, a word, a sign, or the end. */
const TOKEN =
  /(?:[ \t\r]|#[^\n]*)*(?:(?<line>\n)|"""(?<page>(?:[^\\"]|\\[^]|"(?!""))*"{0,2})"""|'''(?<raw>(?:[^']|'(?!''))*'{0,2})'''|"(?<text>(?:[^"\\\n]|\\.)*)"|'(?<plain>[^'\n]*)'|(?<word>[\w+:-]+)|(?<sign>[=.,[\]{}])|$)/y

/**
 * The values of a TOML file that stand in no array, in every way a setting can be written: tables, dotted and quoted names,
 * inline tables. Checks little, but never takes a name or a value out of a text, a comment or an array. Pure, total.
 * Code: `invalid-toml`.
 */
export function tomlValues(text: string): Result<readonly TomlValue[]> {
  const values: TomlValue[] = []
  let at = text.startsWith('\ufeff') ? 1 : 0
  let token: Readonly<Record<string, string | undefined>> = {}

  const next = (): void => {
    TOKEN.lastIndex = at
    const found = TOKEN.exec(text)
    if (found === null) wrong('it is not part of TOML')
    at = TOKEN.lastIndex
    token = found.groups ?? {}
  }
  const takes = (sign: string): boolean => {
    const taken = token['sign'] === sign
    if (taken) next()
    return taken
  }
  const expect = (sign: string): void => {
    if (!takes(sign)) wrong(`${sign} was expected`)
  }
  const lines = (): void => {
    while (token['line'] !== undefined) next()
  }
  const quoted = (): string | undefined =>
    token['plain'] ?? token['raw'] ?? unescaped(token['text'] ?? token['page'])

  const name = (): string[] => {
    const names: string[] = []
    do {
      const one = quoted() ?? token['word']
      if (one === undefined) wrong('a name was expected')
      names.push(one)
      next()
    } while (takes('.'))
    return names
  }
  const member = (table: readonly string[] | null): void => {
    const names = name()
    expect('=')
    value(table && [...table, ...names])
  }
  const row = (close: string, each: () => void): void => {
    for (lines(); !takes(close); lines()) {
      each()
      lines()
      if (token['sign'] !== close) expect(',')
    }
  }
  const value = (path: readonly string[] | null): void => {
    if (takes('[')) return row(']', () => value(null))
    if (takes('{')) return row('}', () => member(path))
    let found: string | boolean | undefined = quoted()
    if (found !== undefined) next()
    else {
      found = ''
      for (; token['word'] !== undefined || token['sign'] === '.'; next())
        found += token['word'] ?? token['sign'] ?? ''
      if (found === '') wrong('a value was expected')
      if (found === 'true' || found === 'false') found = found === 'true'
    }
    if (path) values.push({ path, value: found })
  }

  try {
    if (text.length > MAX_CHARS) wrong(`it has ${text.length} characters`)
    next()
    for (let table: readonly string[] = []; Object.values(token).some((one) => one !== undefined); lines()) {
      if (token['line'] !== undefined) continue
      if (takes('[')) {
        const list = takes('[')
        // The members of a list of tables have no name that tells them apart.
        table = list ? [...name(), '[]'] : name()
        expect(']')
        if (list) expect(']')
      } else member(table)
      if (token['line'] === undefined && at < text.length) wrong('a line end was expected')
    }
    return ok(values)
  } catch (error) {
    // A RangeError: more nesting or text than a regular expression takes.
    const line = text.slice(0, at).split('\n').length
    return fail('invalid-toml', `line ${line}: ${(error as Error).message}`, { data: { line } })
  }
}

/** Caught where the reading began. */
function wrong(why: string): never {
  throw new SyntaxError(why)
}

/** One character's escapes are JSON's, which refuses all others. */
function unescaped(text: string | undefined): string | undefined {
  return text?.replaceAll(/\\(u.{4}|U.{8}|x..|\s*\n\s*|[^])/g, (whole, code: string) => {
    if (code.trim() === '') return ''
    return code.length > 1
      ? String.fromCodePoint(Number(`0x${code.slice(1)}`))
      : (JSON.parse(`"${whole}"`) as string)
  })
}
