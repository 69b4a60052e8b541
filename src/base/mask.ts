/** What stands where a secret stood. */
const mark = '***'

/** Names whose value is a secret. Nothing is asked of what stands before them, so that `DB_PASSWORD` is one too. */
const name =
  '(?:pass(?:word|wd|phrase)|secret|token|credentials?|_auth|api[_-]?key|(?:access|secret|private|signing|encryption)[_-]?key(?:[_-]base)?)'
/** Words that follow a flag where a program explains it. */
const prose =
  'is|was|are|and|or|to|has|had|for|in|from|with|not|no|cannot|must|should|needs?|requires?|expects?|takes|missing|flag|option|argument|value'

interface Patterns {
  /** `NAME=value`, `name: value` and `"name": "value"`; a quote that does not close on its line ends with the line. */
  readonly assigned: RegExp
  /** `--token value`, as arguments are written one after the other. */
  readonly flagged: RegExp
  /** Each with the parts of it that may stay. */
  readonly others: readonly (readonly [RegExp, string])[]
}

let made: Patterns | undefined

/** Made when they are first asked for: most hooks look at no output. */
function patterns(): Patterns {
  return (made ??= {
    assigned: new RegExp(
      `(${name}["']?)(\\s{0,2}[=:]\\s{0,2})("(?:[^"\\\\\\n]|\\\\.)*"?|'[^'\\n]*'?|[^\\s"'\`&,;)]+)`,
      'gi',
    ),
    flagged: new RegExp(`(--?[\\w-]{0,40}${name}\\s)(?!-|(?:${prose})\\b)(\\S+)`, 'gi'),
    others: [
      [
        /-----BEGIN ([A-Z ]{0,40})PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
        `-----BEGIN $1PRIVATE KEY----- ${mark}`,
      ],
      // The rest of a key whose beginning was cut off.
      [/^[\w+/=\s]+(?=-----END [A-Z ]{0,40}PRIVATE KEY-----)/, `${mark}\n`],
      [
        /((?<![/\w-])(?:authorization|cookie|x-[a-z-]{0,30}(?:key|token))["']?\s{0,2}[:=]\s{0,2}["']?)[^\s"'][^\n"']*/gi,
        `$1${mark}`,
      ],
      [/\b(bearer|basic)\s(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}/gi, `$1 ${mark}`],
      [/(:\/\/[^\s/:@"']{0,200}:)[^\s/"']{1,400}@/g, `$1${mark}@`],
      // A token in place of the name.
      [/(:\/\/)[^\s/:@"']{20,400}@/g, `$1${mark}@`],
      [/([?&](?:sig|signature|key|x-amz-signature)=)[^\s"'&]+/gi, `$1${mark}`],
      [/(\bcurl\b[^\n]{0,400}?\s(?:-u\s?|--user[ =])["']?[^\s:"']{1,100}:)[^\s"']+/g, `$1${mark}`],
      // Tokens that are known by their form.
      [
        /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|npm_[A-Za-z0-9]{30,}|hf_[A-Za-z0-9]{30,}|pypi-[\w-]{40,}|[rs]k_(?:live|test)_\w{10,}|sk-(?=[\w-]*\d)[\w-]{20,}|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?)/g,
        mark,
      ],
    ],
  })
}

/**
 * The text without what looks like a secret: credentials in addresses and headers, values of names such as `password` and
 * `token`, private keys, tokens of known forms. Hashes, uuids and paths stay: only a name or a form makes a secret. Masking
 * comes before any shortening, because a secret that is cut in two is known no more. Pure; the same again when done twice.
 */
export function mask(text: string): string {
  let masked = text
  const { assigned, flagged, others } = patterns()
  for (const [pattern, stays] of others) masked = masked.replace(pattern, stays)
  return masked
    .replace(assigned, (whole, key: string, between: string, value: string) =>
      isSecret(between, value) ? `${key}${between}${quoted(value)}` : whole,
    )
    .replace(flagged, `$1${mark}`)
}

/** Code, types and prose speak of passwords too: `token = lexer.next()`, `password: string`. */
function isSecret(between: string, value: string): boolean {
  if (/^["']/.test(value)) return value.length > 4
  if (/^(?:[$<({[*]|true\b|false\b|null\b|undefined\b|none\b)|[({[]/i.test(value)) return false
  return /\s/.test(between) ? value.length >= 6 && /\d/.test(value) : !/^\d{1,3}$/.test(value)
}

function quoted(value: string): string {
  const quote = /^["']/.exec(value)?.[0] ?? ''
  return `${quote}${mark}${value.endsWith(quote) ? quote : ''}`
}
