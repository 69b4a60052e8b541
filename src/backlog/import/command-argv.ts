import { ENV_NAME } from '../../contract/schema-parts.ts'

export interface PlainCommand {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** The text asks for more than words, so a shell reads it. */
  readonly isShell: boolean
}

/** Plain characters, and quotes in which nothing is replaced. */
const WORD = /(?:[\w./:@=,+%-]|'[^']*'|"[^"$`\\!]*")+/y
/** Part of the shell itself. */
const BUILT_IN = new Set(
  '. alias bg break builtin case cd command continue declare do done elif else esac eval exec exit export fi for function hash if let local pushd popd read return select set shift shopt source then time trap type typeset ulimit umask unset until wait while'.split(
    ' ',
  ),
)

/**
 * A shell text as a command of the config: words as they stand, with the assignments before them, where the text is no more than
 * that; else `sh -c` and the whole text. Pure.
 */
export function plainCommand(text: string): PlainCommand {
  const words = wordsOf(text)
  const shell: PlainCommand = { argv: ['sh', '-c', text], env: {}, isShell: true }
  if (words === null) return shell
  const first = words.findIndex(({ raw }) => !/^\w+=/.test(raw))
  const argv = words.slice(first).map((one) => one.text)
  if (first === -1 || BUILT_IN.has(argv[0] ?? '') || argv[0] === '') return shell
  const env = words.slice(0, first).map(({ text: one }): [string, string] => {
    const at = one.indexOf('=')
    return [one.slice(0, at), one.slice(at + 1)]
  })
  // `$PATH` and the like belong to the approval.
  if (!env.every(([name]) => ENV_NAME.test(name))) return shell
  return { argv, env: Object.fromEntries(env), isShell: false }
}

/** Null: there is something between or in them that a shell has to read. */
function wordsOf(text: string): readonly { readonly raw: string; readonly text: string }[] | null {
  const words: { raw: string; text: string }[] = []
  let at = 0
  for (;;) {
    at += /^[ \t]*/.exec(text.slice(at))?.[0].length ?? 0
    if (at >= text.length) return words.length === 0 ? null : words
    WORD.lastIndex = at
    const raw = WORD.exec(text)?.[0]
    if (raw === undefined) return null
    at += raw.length
    if (at < text.length && !/[ \t]/.test(text[at] ?? '')) return null
    words.push({ raw, text: raw.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2') })
  }
}

/** A name of the config for it, that none of these has. Pure. */
export function nameFor(text: string, taken: ReadonlySet<string>): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '')
  const stem = plain === '' || plain === 'constructor' ? 'check' : plain
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? stem : `${stem}-${number}`
    if (!taken.has(name)) return name
  }
}
