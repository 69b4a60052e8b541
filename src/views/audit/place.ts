import fs from 'node:fs'
import path from 'node:path'
import { systemWords } from '../../base/system-words.ts'
import { findTranscripts } from '../../codex/transcript/find.ts'
import { sessionOf } from '../../ledger/events.ts'
import { namesIn } from '../../base/names-in.ts'
import { readEvents } from '../../ledger/ledger-file.ts'
import { homePaths, sessionPaths, sessionPathsOfKey } from '../../ledger/paths.ts'
import type { Context } from '../../records/context.ts'
import { readLive } from '../../records/live.ts'
import { type Finding, broken, suspect } from './types.ts'

/** Where the record of a session lies. */
export interface AuditPlace {
  readonly dir: string
  readonly ledger: string
  /** Hygiene or a person put it there. */
  readonly archived: boolean
}

/** Its own place; where no ledger is there, the newest of this session in the archive. */
export function auditPlaceOf(home: string, sessionId: string): AuditPlace {
  const { key, dir, ledger } = sessionPaths(home, sessionId)
  const own = { dir, ledger, archived: false }
  if (exists(ledger)) return own
  const newest = archivedPlaces(home)
    .filter((one) => nameInArchive(key).test(path.basename(one.dir)) && isOf(one, sessionId))
    .sort((a, b) => timeIn(b) - timeIn(a))[0]
  return newest ?? own
}

/** Whether any ledger but this one has a record with this head: a fork and a moved run begin with another's history. */
export function isHeadElsewhere(home: string, here: AuditPlace, short: string): boolean {
  const inPlace = namesIn(homePaths(home).sessions).map((key) => sessionPathsOfKey(home, key).ledger)
  return [...inPlace, ...archivedPlaces(home).map((one) => one.ledger)]
    .filter((ledger) => ledger !== here.ledger)
    .some((ledger) => {
      const read = readEvents(ledger)
      return read.ok && read.value.events.some((event) => event.hash.startsWith(short))
    })
}

/** What a run leaves beside its ledger, where the ledger is gone; and what keeps anybody from looking. */
export function leftBehind(place: AuditPlace): Finding[] {
  try {
    if (fs.lstatSync(place.ledger, { throwIfNoEntry: false })) return []
  } catch (error) {
    return [broken('ledger-unreadable', `${place.ledger} cannot be looked at: ${systemWords(error)}`)]
  }
  const names = namesIn(place.dir)
  const ofRun = names.filter((name) => name === 'open' || name === 'gates' || name.startsWith('checkpoint'))
  const message = (what: string) => `${place.dir} holds ${what} of a run and no ledger`
  if (ofRun.length > 0) return [broken('ledger-gone', message(ofRun.join(', ')))]
  return names.some((name) => name.startsWith('baseline-'))
    ? [suspect('ledger-gone', `${message('the baseline')}; a start that failed leaves the same`)]
    : []
}

/** Whether anything here or at Codex knows this session: a mistyped id is not a clean record. */
export function isOnRecord(context: Context, sessionId: string): boolean {
  const { home, codexHome } = context.env
  const { dir, marker } = sessionPaths(home, sessionId)
  return (
    [dir, marker].some(exists) ||
    auditPlaceOf(home, sessionId).archived ||
    readLive(home, sessionId) !== undefined ||
    findTranscripts(codexHome, sessionId).length > 0
  )
}

function archivedPlaces(home: string): readonly AuditPlace[] {
  const top = path.join(homePaths(home).archived, 'sessions')
  return namesIn(top).map((name) => {
    const dir = path.join(top, name)
    return { dir, ledger: path.join(dir, 'ledger.jsonl'), archived: true }
  })
}

/** As archiveClosed and setAside name them; keys hold nothing that means something in a pattern. */
function nameInArchive(key: string): RegExp {
  return new RegExp(`^${key}-(?:set-aside-)?\\d+(?:-\\d+)?$`)
}

function timeIn(place: AuditPlace): number {
  return Number(/-(\d{6,})(?:-\d+)?$/.exec(path.basename(place.dir))?.[1] ?? 0)
}

/** The name alone may be another's, where one id begins with the other; a ledger that tells nothing is taken by its name. */
function isOf(place: AuditPlace, sessionId: string): boolean {
  const read = readEvents(place.ledger)
  const events = read.ok ? read.value.events : []
  return events.every((event) => event.type !== 'activated' || sessionOf(event.data) === sessionId)
}

/** What cannot be looked at (a file in place of a directory) counts as there: it is no proof that nothing is. */
function exists(file: string): boolean {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined
  } catch {
    return true
  }
}
