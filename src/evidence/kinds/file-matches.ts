import { matchPattern } from '../../contract/pattern.ts'
import type { EvidenceOf } from '../../contract/types.ts'
import { readFileSafe } from '../../base/read-file.ts'
import type { Failure } from '../../base/result.ts'
import { fsPath, staysInside } from '../path-text.ts'
import { plainPath } from '../glob.ts'
import type { Unreadable } from '../found.ts'
import type { KindCheck, Looked, Sight } from './check.ts'
import { inOtherForm, spellings } from '../name-form.ts'
import { typeAt } from './matches.ts'
import { missing } from './near.ts'

/** Larger files are not searched. */
export const MOST_BYTES = 16 << 20

/** The file's text matches the pattern; with `absent`, the file exists and does not. */
export const fileMatches: KindCheck<'fileMatches'> = {
  now,
  followed: ({ literal, there }) => there ?? literal,
  async unmetAt(start, { path, pattern, absent }) {
    let content: Awaited<ReturnType<typeof start.content>> = null
    for (const one of spellings(plainPath(path))) content ??= await start.content(one)
    if (content === 'unknown') return false
    if (content === null) return true
    const matched = matchPattern(pattern, textFor(pattern, content))
    return matched.ok && matched.value === (absent === true)
  },
  ofLinks: false,
  mustStay: false,
  keeps: false,
  workOnly: false,
}

function now(evidence: EvidenceOf<'fileMatches'>, { root }: Looked): Sight {
  const wanted = plainPath(evidence.path)
  const path =
    typeAt(root, wanted) === null
      ? (inOtherForm(wanted, (one) => typeAt(root, one) !== null) ?? wanted)
      : wanted
  const type = typeAt(root, path)
  if (type === null || !staysInside(path)) return { met: false, found: missing(root, path) }
  if (type !== 'file') return { met: false, found: { kind: 'there', type } }
  const bytes = readFileSafe(fsPath(root, path) as string, { maxBytes: MOST_BYTES })
  if (!bytes.ok) return unreadable(bytes.error)
  const text = textFor(evidence.pattern, bytes.value)
  const matched = matchPattern(evidence.pattern, text)
  if (!matched.ok) return unreadable(matched.error)
  if (matched.value) return { met: evidence.absent !== true, found: { kind: 'match' } }
  const lines = text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  return { met: evidence.absent === true, found: { kind: 'no-match', lines } }
}

const whys: readonly Unreadable[] = ['too-large', 'denied', 'pattern-timeout', 'pattern-too-complex']

/** Whatever became of the file since its type was read is a failure of input and output like any other. */
function unreadable({ code }: Failure): Sight {
  return { met: false, found: { kind: 'unreadable', why: whys.find((why) => why === code) ?? 'io' } }
}

/** A byte order mark is no part of the first line, unless the pattern asks for it by name. */
function textFor(pattern: string, bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return /\\ufeff|\ufeff/i.test(pattern) ? text : text.replace(/^\ufeff/, '')
}
