import { type Result, fail, ok } from '../base/result.ts'

/** Shorter ones cannot be told from other text: to hide them would be to hide half of what a gate says. */
const SHORTEST = 6

/** The variables that a command's `secrets` names, from the caller's environment. Code: `gate-secret`. */
export function findSecrets(
  names: readonly string[],
  vars: Readonly<Record<string, string | undefined>>,
): Result<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {}
  for (const name of names) {
    const value = vars[name] ?? ''
    if (value === '')
      return fail('gate-secret', `the secret ${name} is not in the environment`, {
        fix: `start Codex (or this command) with ${name} in its environment`,
      })
    if (value.length < SHORTEST)
      return fail(
        'gate-secret',
        `the secret ${name} has fewer than ${SHORTEST} characters, so it cannot be hidden`,
        {
          fix: `use a longer ${name}, or name it in env`,
        },
      )
    found[name] = value
  }
  return ok(found)
}

/** Every spelling of the values under which a program prints them: as it is, escaped, encoded, line by line. */
function spellings(value: string): string[] {
  const lines = value.split(/\r?\n/)
  const whole = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]
  const encoded = Buffer.from(value).toString('base64').replaceAll('=', '')
  return [...whole, encoded, ...lines].filter((one) => one.length >= SHORTEST)
}

/** Takes values out of a stream, also where a value comes in pieces. What may become one is held back until `flush`. */
export class Redaction {
  private readonly values: readonly string[]
  private readonly pattern: RegExp
  private readonly forward: (bytes: Buffer) => void
  private held = ''

  constructor(values: readonly string[], forward: (bytes: Buffer) => void) {
    // As bytes: a chunk may end within a character.
    const all = values.flatMap(spellings).map((one) => Buffer.from(one).toString('latin1'))
    this.values = [...new Set(all)].toSorted((a, b) => b.length - a.length)
    this.pattern = new RegExp(
      this.values.map((one) => one.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)).join('|'),
      'g',
    )
    this.forward = forward
  }

  push(bytes: Buffer): void {
    if (this.values.length === 0) return this.forward(bytes)
    const text = this.held + bytes.toString('latin1')
    const cut = this.cutOf(text)
    this.held = text.slice(cut)
    this.pass(text.slice(0, cut))
  }

  flush(): void {
    const rest = this.held
    this.held = ''
    this.pass(rest)
  }

  /** For words that are no part of the stream. */
  text(words: string): string {
    if (this.values.length === 0) return words
    return Buffer.from(this.without(Buffer.from(words).toString('latin1')), 'latin1').toString()
  }

  private pass(text: string): void {
    if (text !== '') this.forward(Buffer.from(this.without(text), 'latin1'))
  }

  private without(text: string): string {
    return text.replace(this.pattern, '***')
  }

  /** From here on it may be the beginning of a value; never within one that is whole. */
  private cutOf(text: string): number {
    const longest = this.values[0]?.length ?? 0
    let cut = Math.max(0, text.length - longest + 1)
    while (cut < text.length && !this.values.some((one) => one.startsWith(text.slice(cut)))) cut += 1
    for (const match of text.matchAll(this.pattern))
      if (match.index < cut && match.index + match[0].length > cut) return match.index
    return cut
  }
}
