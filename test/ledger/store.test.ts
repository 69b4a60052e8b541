import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { fail, ok } from '../../src/base/result.ts'
import { listMarkers } from '../../src/ledger/markers.ts'
import { type SessionPaths, sessionPaths } from '../../src/ledger/paths.ts'
import { listSessions } from '../../src/ledger/sessions.ts'
import { restoreMarker, settle, startRun } from '../../src/ledger/start.ts'
import { append, readSession } from '../../src/ledger/store.ts'
import { activation, session, stop, tempDir } from './world.ts'

const clock = () => 5_000

function armed(): { home: string; paths: SessionPaths } {
  const home = tempDir()
  const started = startRun(home, activation(), 1_000)
  if (!started.ok) throw new Error(started.error.message)
  append(sessionPaths(home, session), clock, () => ok([stop()]))
  return { home, paths: sessionPaths(home, session) }
}

/** Rewrites a file that a test damages. */
function edit(file: string, change: (text: string) => string): void {
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')))
}

function replaceWithFifo(file: string): void {
  fs.rmSync(file, { force: true })
  execFileSync('mkfifo', [file])
}

const markerText = (over: object) =>
  JSON.stringify({ v: 1, started: true, activation: activation(), at: 1, ...over })

describe('what does not hold together', () => {
  const rows: [string, string, (paths: SessionPaths) => void][] = [
    [
      'a record edited',
      'ledger-broken',
      ({ ledger }) => edit(ledger, (text) => text.replace('make it work', 'be happy')),
    ],
    [
      'a record taken out',
      'ledger-broken',
      ({ ledger }) => edit(ledger, (text) => text.split('\n').slice(1).join('\n')),
    ],
    ['the ledger gone', 'ledger-missing', ({ ledger }) => fs.rmSync(ledger)],
    ['the session directory gone', 'ledger-missing', ({ dir }) => fs.rmSync(dir, { recursive: true })],
    ['the ledger emptied', 'ledger-missing', ({ ledger }) => fs.writeFileSync(ledger, '')],
    ['the ledger a FIFO', 'ledger-broken', ({ ledger }) => replaceWithFifo(ledger)],
    [
      'the ledger a link',
      'ledger-broken',
      ({ ledger }) => {
        fs.renameSync(ledger, `${ledger}.real`)
        fs.symlinkSync(`${ledger}.real`, ledger)
      },
    ],
    ['the ledger a directory', 'ledger-broken', ({ ledger }) => (fs.rmSync(ledger), fs.mkdirSync(ledger))],
    ['the marker a FIFO', 'marker-unreadable', ({ marker }) => replaceWithFifo(marker)],
    ['the marker half', 'marker-unreadable', ({ marker }) => edit(marker, (text) => text.slice(0, 100))],
    ['the marker empty', 'marker-unreadable', ({ marker }) => fs.writeFileSync(marker, '')],
    [
      'the marker of another session',
      'marker-unreadable',
      ({ marker }) => fs.writeFileSync(marker, markerText({ activation: activation({}, 'x') })),
    ],
    [
      'the marker of a later version',
      'marker-unreadable',
      ({ marker }) => fs.writeFileSync(marker, markerText({ v: 2 })),
    ],
    [
      'the marker of a run that the ledger never had',
      'ledger-missing',
      ({ marker }) => fs.writeFileSync(marker, markerText({ activation: activation({ runId: 'run-9' }) })),
    ],
  ]
  test.each(rows)('%s: %s', (_what, code, damage) => {
    const { home, paths } = armed()
    damage(paths)
    expect(readSession(home, session)).toMatchObject({
      ok: false,
      error: { code, fix: expect.any(String) as unknown },
    })
    expect(settle(home, session, clock)).toMatchObject({ ok: false, error: { code } })
    expect(listSessions(home)).toMatchObject([{ key: session, session: { ok: false, error: { code } } }])
    expect(startRun(home, activation({ runId: 'run-2' }), 1)).toMatchObject({ ok: false, error: { code } })
    // A person can close what the ledger still holds, also behind a marker that cannot be read.
    const closed = append(sessionPaths(home, session), clock, () =>
      ok([{ type: 'closed', data: { how: 'disabled', by: 'terminal', reason: null } }]),
    )
    if (code !== 'marker-unreadable') return expect(closed).toMatchObject({ ok: false, error: { code } })
    expect(closed).toMatchObject({ ok: true, value: { state: { runs: [{ status: 'disabled' }] } } })
    expect(readSession(home, session)).toMatchObject({ ok: true, value: { marker: null, findings: [] } })
  })

  test('an open run without marker is a finding, and a person can give it back', () => {
    const { home, paths } = armed()
    fs.rmSync(paths.marker)
    for (const read of [readSession(home, session), settle(home, session, clock)])
      expect(read).toMatchObject({
        ok: true,
        value: { marker: null, findings: [{ code: 'marker-missing' }] },
      })
    expect(restoreMarker(home, session)).toEqual(ok(true))
    expect(readSession(home, session)).toMatchObject({ ok: true, value: { findings: [] } })
    expect(restoreMarker(home, session)).toEqual(ok(false))
    expect(listMarkers(home)).toMatchObject([{ started: true, activation: { runId: 'run-1' } }])
  })

  test('an old marker put back over an open run is no marker of it', () => {
    const { home, paths } = armed()
    const old = fs.readFileSync(paths.marker)
    append(sessionPaths(home, session), clock, () =>
      ok([{ type: 'closed', data: { how: 'waived', by: 'prompt', reason: null } }]),
    )
    startRun(home, activation({ runId: 'run-2' }), 1)
    fs.writeFileSync(paths.marker, old)
    expect(settle(home, session, clock)).toMatchObject({
      ok: true,
      value: { findings: [{ code: 'marker-missing' }] },
    })
    expect(fs.existsSync(paths.marker)).toBe(true)
  })
})

describe('append', () => {
  test('a session nobody heard of is empty, and reading it leaves nothing behind', () => {
    const home = tempDir()
    expect(readSession(home, session)).toMatchObject({
      ok: true,
      value: { state: { runs: [], seq: 0 }, findings: [] },
    })
    expect(settle(home, session, clock)).toMatchObject({ ok: true })
    expect(fs.readdirSync(home)).toEqual([])
  })

  test('what decide refuses or does not want leaves the file alone', () => {
    const { home, paths } = armed()
    const before = fs.readFileSync(paths.ledger)
    expect(append(sessionPaths(home, session), clock, () => fail('no-run', 'no'))).toMatchObject({
      ok: false,
      error: { code: 'no-run' },
    })
    expect(append(sessionPaths(home, session), clock, () => ok([]))).toMatchObject({
      ok: true,
      value: { appended: [] },
    })
    expect(fs.readFileSync(paths.ledger)).toEqual(before)
  })

  test('the clock may stand or go back: the numbers order', () => {
    const { home } = armed()
    for (const at of [9_000, 2_000, -5])
      append(
        sessionPaths(home, session),
        () => at,
        () => ok([stop()]),
      )
    expect(readSession(home, session)).toMatchObject({
      ok: true,
      value: { state: { seq: 5, runs: [{ stops: 4 }] } },
    })
  })

  test('files are private', () => {
    const { paths } = armed()
    for (const file of [paths.ledger, paths.marker]) expect(fs.statSync(file).mode & 0o777).toBe(0o600)
    for (const dir of [paths.dir, path.dirname(paths.marker)])
      expect(fs.statSync(dir).mode & 0o777).toBe(0o700)
  })

  test('a start that cannot be written starts nothing', () => {
    const home = tempDir()
    const paths = sessionPaths(home, session)
    fs.mkdirSync(paths.dir, { recursive: true })
    // A directory in the ledger's place: what is read there is broken, what is written fails.
    fs.mkdirSync(paths.ledger)
    expect(startRun(home, activation(), 1).ok).toBe(false)
    expect(fs.existsSync(paths.marker)).toBe(false)
  })
})
