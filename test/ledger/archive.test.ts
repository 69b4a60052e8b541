import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { ok } from '../../src/base/result.ts'
import { archiveClosed, archivedCounts, setAside } from '../../src/ledger/archive.ts'
import { homePaths, pendingMarkerPath, sessionPaths } from '../../src/ledger/paths.ts'
import { listPending, readPending, removePending, writePending } from '../../src/ledger/pending.ts'
import { listSessions } from '../../src/ledger/sessions.ts'
import { startRun } from '../../src/ledger/start.ts'
import { append, readSession } from '../../src/ledger/store.ts'
import { activation, session, stop, tempDir } from './world.ts'

const hour = 3_600_000
const begin = 1_700_000_000_000

/** Starts a run and gives its ledger the time it says, as if that were when it was written. */
function run(home: string, sessionId: string, closed: boolean): void {
  startRun(home, activation({ runId: `run-of-${sessionId}` }, sessionId), begin)
  if (closed)
    append(
      sessionPaths(home, sessionId),
      () => begin,
      () => ok([{ type: 'closed', data: { how: 'waived', by: 'prompt', reason: null } }]),
    )
  fs.utimesSync(sessionPaths(home, sessionId).ledger, begin / 1000, begin / 1000)
}

const options = { retentionMs: 24 * hour, staleMs: 8 * hour, person: false }
const [closed, open] = ['01999999-0000-7000-8000-00000000000c', '01999999-0000-7000-8000-00000000000f']

describe('archive', () => {
  const rows: [string, number, boolean, { sessions: string[]; open: string[] }][] = [
    ['within the retention', 23, false, { sessions: [], open: [] }],
    ['after it', 24, false, { sessions: [closed], open: [] }],
    ['long after it: no open run without a person', 9_999, false, { sessions: [closed], open: [] }],
    ['asked for by a person, nothing stale', 7, true, { sessions: [], open: [] }],
    ['asked for by a person, an open run stale', 8, true, { sessions: [], open: [open] }],
    ['asked for by a person, everything', 24, true, { sessions: [closed], open: [open] }],
    ['the clock went back', -24, true, { sessions: [], open: [] }],
  ]
  test.each(rows)('%s', (_what, hours, person, expected) => {
    const home = tempDir()
    run(home, closed, true)
    run(home, open, false)
    const archived = archiveClosed(home, { ...options, now: begin + hours * hour, person })
    expect(archived).toEqual({ ...expected, requests: [], kept: [] })
    const left = listSessions(home).map((one) => one.key)
    expect(left).toEqual(
      [closed, open].filter((id) => ![...expected.sessions, ...expected.open].includes(id)),
    )
    expect(archivedCounts(home)).toEqual({ sessions: 2 - left.length, requests: 0 })
    expect(fs.existsSync(sessionPaths(home, open).marker)).toBe(left.includes(open))
  })

  test('a session that comes back begins a new record, and its next one is archived beside the first', () => {
    const home = tempDir()
    for (let round = 0; round < 2; round += 1) {
      run(home, closed, true)
      expect(archiveClosed(home, { ...options, now: begin + 99 * hour }).sessions).toEqual([closed])
    }
    expect(archivedCounts(home).sessions).toBe(2)
    expect(readSession(home, closed)).toMatchObject({ ok: true, value: { state: { runs: [] } } })
  })

  test('what does not hold together stays and is named', () => {
    const home = tempDir()
    run(home, closed, true)
    const { ledger } = sessionPaths(home, closed)
    fs.writeFileSync(ledger, fs.readFileSync(ledger, 'utf8').replace('make it work', 'be happy'))
    fs.utimesSync(ledger, begin / 1000, begin / 1000)
    const archived = archiveClosed(home, { ...options, now: begin + 99 * hour, person: true })
    expect(archived).toMatchObject({ sessions: [], kept: [{ name: closed, why: { code: 'ledger-broken' } }] })
    expect(fs.existsSync(ledger)).toBe(true)
  })

  test('a directory in which no run ever began goes too, once it is old and unmarked', () => {
    const home = tempDir()
    const { dir } = sessionPaths(home, session)
    fs.mkdirSync(dir, { recursive: true })
    fs.utimesSync(dir, begin / 1000, begin / 1000)
    expect(archiveClosed(home, { ...options, now: begin + hour }).kept).toEqual([])
    expect(fs.existsSync(dir)).toBe(true)
    fs.utimesSync(dir, begin / 1000, begin / 1000)
    archiveClosed(home, { ...options, now: begin + 24 * hour })
    expect(fs.existsSync(dir)).toBe(false)
  })

  test('set aside: a broken record goes as a whole, marker and all', () => {
    const home = tempDir()
    run(home, open, false)
    const paths = sessionPaths(home, open)
    fs.writeFileSync(paths.ledger, 'x\n{"a":1,"hash":"y"}\n')
    const aside = setAside(home, open, begin)
    if (!aside.ok) throw new Error(aside.error.message)
    expect(fs.readFileSync(path.join(aside.value, 'ledger.jsonl'), 'utf8')).toContain('x\n')
    expect(fs.existsSync(paths.marker)).toBe(false)
    expect(readSession(home, open)).toMatchObject({ ok: true, value: { state: { runs: [] }, findings: [] } })
    expect(startRun(home, activation({}, open), 1).ok).toBe(true)
  })

  test('set aside: also when only the marker is left', () => {
    const home = tempDir()
    run(home, open, false)
    fs.rmSync(sessionPaths(home, open).dir, { recursive: true })
    expect(setAside(home, open, begin).ok).toBe(true)
    expect(listSessions(home)).toEqual([])
  })
})

describe('pending requests', () => {
  const [first, second] = [sha256('first'), sha256('second')]

  test('are left, listed oldest first, read and removed', () => {
    const home = tempDir()
    writePending(home, second, { at: 2, what: 'b' })
    writePending(home, first, { at: 1, what: 'a' })
    run(home, open, false)
    expect(listPending(home)).toEqual([
      { nonceHash: first, content: { at: 1, what: 'a' }, failure: null, at: 1 },
      { nonceHash: second, content: { at: 2, what: 'b' }, failure: null, at: 2 },
    ])
    expect(readPending(home, first)).toEqual(ok({ at: 1, what: 'a' }))
    removePending(home, first)
    removePending(home, first)
    expect(readPending(home, first)).toMatchObject({ ok: false, error: { code: 'missing' } })
    // A pending request is no session.
    expect(listSessions(home).map((one) => one.key)).toEqual([open])
  })

  test.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no object', '[]'],
  ])('one that holds %s is named', (_what, text) => {
    const home = tempDir()
    writePending(home, first, {})
    fs.writeFileSync(pendingMarkerPath(home, first), text)
    expect(readPending(home, first)).toMatchObject({ ok: false, error: { code: 'pending-unreadable' } })
    expect(listPending(home)).toMatchObject([{ content: {}, failure: { code: 'pending-unreadable' } }])
  })

  test('nobody claimed it in time: archived, and no session starts node for it any more', () => {
    const home = tempDir()
    writePending(home, first, { at: begin })
    writePending(home, second, { at: begin + hour })
    const archived = archiveClosed(home, { ...options, now: begin + 8 * hour })
    expect(archived.requests).toEqual([first])
    expect(fs.readdirSync(homePaths(home).armed)).toEqual([`pending-${second}`])
    expect(archivedCounts(home).requests).toBe(1)
  })

  test('a home without anything has none', () => {
    expect(listPending(path.join(tempDir(), 'not-there'))).toEqual([])
  })

  test('the append of a stop is not in their way', () => {
    const home = tempDir()
    run(home, open, false)
    writePending(home, first, { at: 1 })
    append(
      sessionPaths(home, open),
      () => begin,
      () => ok([stop({ outcome: { verdict: 'release' } })]),
    )
    expect(listPending(home)).toHaveLength(1)
  })
})
