import { visible } from '../../base/text.ts'
import { never } from '../../base/result.ts'
import { askedFor } from '../../contract/evidence-kinds.ts'
import { readGlob } from '../../contract/read-glob.ts'
import type { Evidence } from '../../contract/types.ts'
import type { Found, Seen, Some, Unreadable } from '../../evidence/found.ts'
import type { Change } from '../../evidence/types.ts'
import type { ProvedBy } from '../proof.ts'
import { short } from './short.ts'

/** What was asked for and what was found, on one line. */
export function askedAndFound(evidence: Evidence, found: Found): string {
  return `${askedFor(evidence)}: ${foundWords(evidence, found)}`
}

/** What proved it, or did not. */
export function provedWords(evidence: Evidence, by: ProvedBy): string {
  switch (by.kind) {
    case 'look':
      return foundWords(evidence, by.found)
    case 'command':
      return {
        passed: `gate ${by.name} passed`,
        failed: `gate ${by.name} failed`,
        'could-not-run': `gate ${by.name} could not run`,
      }[by.outcome]
    case 'nothing':
      return 'not looked at: its gate was not run'
    default:
      return never(by, 'proof')
  }
}

/** What was found, to be read behind what was asked for. */
export function foundWords(evidence: Evidence, found: Found): string {
  if (found.kind === 'recorded') return found.text
  if (found.kind === 'through')
    return `${seenWords(evidence, found.seen)} (at ${name(found.to)}, through the link ${names(found.links)})`
  return seenWords(evidence, found)
}

function seenWords(evidence: Evidence, seen: Seen): string {
  switch (seen.kind) {
    case 'there':
      return `a ${seen.type} is ${evidence.kind === 'pathAbsent' ? 'still ' : ''}there${evidence.kind === 'fileMatches' ? ', not a file' : ''}`
    case 'missing':
      return `nothing is there${nearWords(seen)}`
    case 'files':
      return filesWords(seen)
    case 'changed':
      return names(seen.paths)
    case 'by-gates':
      return `only a gate wrote ${names(seen.paths)}, which is not your work; write it yourself if it should count`
    case 'not-recorded':
      return `${unrecorded(seen.paths)}, so a change cannot be seen`
    case 'not-changed':
      return notChangedWords(evidence, seen)
    case 'kept':
      return `nothing has changed${seen.unknown.some.length > 0 ? `, but ${unrecorded(seen.unknown)}` : ''}`
    case 'not-kept':
      return `changed since the start: ${listOf(seen.changes, changeOf)}`
    case 'link-changed':
      return `a link on the way changed since the start: ${changeOf(seen.link)}`
    case 'leads-out':
      return `the link ${names(seen.links)} leads out of the repository`
    case 'match':
      return 'absent' in evidence && evidence.absent ? 'the file still matches' : 'found'
    case 'no-match':
      return `no match in ${count(seen.lines, 'line')}`
    case 'unreadable':
      return `not searched: ${unreadable[seen.why]}`
    default:
      return never(seen, 'finding')
  }
}

const unreadable: Readonly<Record<Unreadable, string>> = {
  'too-large': 'the file is too large',
  denied: 'the file may not be read',
  io: 'the file could not be read',
  'pattern-timeout': 'the pattern backtracks too much',
  'pattern-too-complex': 'the pattern is too complex',
}

function nearWords({ near, noDirectory }: Extract<Seen, { kind: 'missing' }>): string {
  if (near !== null) return ` (there is ${name(near)})`
  return noDirectory === null ? '' : ` (its directory ${name(noDirectory)} does not exist)`
}

function filesWords({ files, wanted, searched }: Extract<Seen, { kind: 'files' }>): string {
  const number = size(files)
  if (number === 0) return `no file matches${wanted > 0 ? `, ${count(searched, 'file')} looked at` : ''}`
  if (wanted === 0) return `still there: ${names(files)}`
  return number < wanted ? `only ${count(number, 'file')}: ${names(files)}` : names(files)
}

function notChangedWords(
  evidence: Evidence,
  { there, elsewhere }: Extract<Seen, { kind: 'not-changed' }>,
): string {
  const far = size(elsewhere)
  return (
    (there !== null
      ? `the ${there} has not changed yet`
      : 'glob' in evidence && evidence.glob !== undefined
        ? `nothing${placeOf(evidence.glob)} has changed yet`
        : 'nothing is there, as at the start') +
    (far > 0 ? `; ${count(far, 'file')} changed elsewhere: ${names(elsewhere)}` : '')
  )
}

/** ` under src/` for `src/**`. */
function placeOf(glob: string): string {
  const { base, rest } = readGlob(glob)
  if (!/^\/?\*\*(?:\/\*)?$/.test(rest)) return ' that matches'
  return base === '' ? '' : ` under ${name(base)}/`
}

/** Without the part about rules `git status` would seem to say the contrary. */
function changeOf({ path, kind, hidden }: Change): string {
  return `${name(path)} (${kind === 'name' ? 'only its name, which is spelled in the other Unicode form (NFC, NFD)' : kind}${hidden ? '; ignored only by a rule that is newer than the start' : ''})`
}

function unrecorded(paths: Some<string>): string {
  return `${names(paths)} was ignored by git and not recorded at the start`
}

function names(paths: Some<string>): string {
  return listOf(paths, name)
}

function listOf<T>({ some, more }: Some<T>, words: (one: T) => string): string {
  return some.map(words).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

function size({ some, more }: Some<unknown>): number {
  return some.length + more
}

function name(path: string): string {
  return short(visible(path))
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
