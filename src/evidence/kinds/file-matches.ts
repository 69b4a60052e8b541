import { matchPattern } from '../../contract/pattern.ts'
import type { EvidenceOf } from '../../contract/types.ts'
import { readFileSafe } from '../../base/read-file.ts'
import { fsPath, staysInside } from '../path-text.ts'
import { plainPath } from '../glob.ts'
import type { Finding, KindCheck, Looked } from './check.ts'
import { typeAt } from './matches.ts'
import { nearName } from './near.ts'
import { target } from './words.ts'

/** Larger files are not searched. */
export const MOST_BYTES = 16 << 20

/** The file's text matches the pattern; with `absent`, the file exists and does not. */
export const fileMatches: KindCheck<'fileMatches'> = {
  now,
  followed: ({ literal, there }) => there ?? literal,
  async unmetAt(start, { path, pattern, absent }) {
    const content = await start.content(plainPath(path))
    if (content === 'unknown') return false
    if (content === null) return true
    const matched = matchPattern(pattern, textFor(pattern, content))
    return matched.ok && matched.value === (absent === true)
  },
  ofLinks: false,
  mustStay: false,
  workOnly: false,
}

function now(evidence: EvidenceOf<'fileMatches'>, { root }: Looked): Finding {
  const what = `fileMatches ${target(evidence)} ${evidence.absent ? 'without ' : ''}/${evidence.pattern}/`
  const path = plainPath(evidence.path)
  const type = typeAt(root, path)
  if (type === null || !staysInside(path))
    return { met: false, detail: `${what}: there is no such file${nearName(root, path)}` }
  if (type !== 'file') return { met: false, detail: `${what}: a ${type} is there, not a file` }
  const bytes = readFileSafe(fsPath(root, path) as string, { maxBytes: MOST_BYTES })
  if (!bytes.ok) return { met: false, detail: `${what}: ${bytes.error.message}` }
  const text = textFor(evidence.pattern, bytes.value)
  const matched = matchPattern(evidence.pattern, text)
  if (!matched.ok) return { met: false, detail: `${what}: ${matched.error.message}` }
  const lines = text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  if (matched.value)
    return {
      met: !evidence.absent,
      detail: `${what}: ${evidence.absent ? 'the file still matches' : 'found'}`,
    }
  return { met: evidence.absent === true, detail: `${what}: no match in ${lines} lines` }
}

/** A byte order mark is no part of the first line, unless the pattern asks for it by name. */
function textFor(pattern: string, bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return /\\ufeff|\ufeff/i.test(pattern) ? text : text.replace(/^\ufeff/, '')
}
