import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ok } from '../../src/base/result.ts'
import { readEvents } from '../../src/ledger/ledger-file.ts'
import { isOpen } from '../../src/verdict/standing.ts'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { settle, startRun } from '../../src/ledger/start.ts'
import { append, readSession } from '../../src/ledger/store.ts'
import { sampleOf } from '../rig/long.ts'
import { activation, bundle, session, start, stop, tempDir } from './world.ts'

const life = bundle('life')
const clock = () => 1_000_000

/** The steps a life takes in this home until it ends or is killed at `killAt`. */
async function live(home: string, killAt = 0): Promise<string[]> {
  const ended = await start(life, [home, String(killAt)]).ended
  expect({ err: ended.err, signal: ended.signal }).toEqual({
    err: '',
    signal: killAt === 0 ? null : 'SIGKILL',
  })
  return ended.out.split('\n').filter(Boolean)
}

/** One run, blocked once and released, and nothing left over. */
function expectWhole(home: string): void {
  const record = readSession(home, session)
  if (!record.ok) throw new Error(record.error.message)
  expect(record.value).toMatchObject({ marker: null, torn: false, findings: [] })
  expect(record.value.state.runs).toMatchObject([
    { runId: 'run-1', status: 'released', stops: 2, iteration: 1 },
  ])
  const paths = sessionPaths(home, session)
  expect(readEvents(paths.ledger)).toMatchObject({ ok: true, value: { chain: { state: 'intact' } } })
  expect(fs.readdirSync(path.dirname(paths.marker))).toEqual([])
}

describe('a process killed at any step', () => {
  test('the next one goes on from there; nothing is lost or done twice', async () => {
    const home = tempDir()
    const steps = await live(home)
    expectWhole(home)
    // Every step of a life that this room has, but for those of settling and archiving.
    expect(new Set(steps).size).toBe(10)

    for (const [index, name] of sampleOf([...steps.entries()], 4, 1)) {
      const crashed = tempDir()
      const seen = await live(crashed, index + 1)
      expect(seen.at(-1)).toBe(name)
      const record = settle(crashed, session, clock)
      if (!record.ok) throw new Error(`after ${name}: ${record.error.message}`)
      expect(record.value.findings).toEqual([])
      // What was announced is begun, and what is open is marked.
      const open = record.value.state.runs.filter(isOpen).length
      expect([name, open]).toEqual([name, record.value.marker ? 1 : 0])
      if (seen.includes('start:after-marker')) expect(record.value.state.runs.length).toBe(1)
      await live(crashed)
      expectWhole(crashed)
    }
  }, 180_000)

  test('twice, and again while it recovers', async () => {
    const rows = [
      [3, 2, 1],
      [4, 3, 2, 1],
      [5, 2, 3],
      [8, 4, 1],
      [12, 2],
      [16, 3, 1],
    ]
    for (const kills of sampleOf(rows, 4, 1)) {
      const home = tempDir()
      for (const kill of kills) {
        expect((await start(life, [home, String(kill)]).ended).err).toBe('')
      }
      await live(home)
      expectWhole(home)
    }
  })
})

describe('a write cut short at any byte', () => {
  test('counts as not written, and says so in the ledger', () => {
    const home = tempDir()
    const { ledger } = sessionPaths(home, session)
    startRun(home, activation(), 1)
    const before = fs.readFileSync(ledger)
    append(sessionPaths(home, session), clock, () => ok([stop()]))
    const after = fs.readFileSync(ledger)
    for (let cut = before.length + 1; cut < after.length - 1; cut += 7) {
      fs.writeFileSync(ledger, after.subarray(0, cut))
      const torn = readSession(home, session)
      expect(torn).toMatchObject({ ok: true, value: { torn: true, findings: [], state: { seq: 1 } } })
      const written = append(sessionPaths(home, session), clock, () => ok([stop()]))
      expect(written).toMatchObject({
        ok: true,
        value: {
          state: { seq: 3, runs: [{ stops: 1 }] },
          appended: [{ type: 'repaired', data: { bytes: cut - before.length } }, { type: 'stop' }],
        },
      })
      expect(readSession(home, session)).toMatchObject({
        ok: true,
        value: { torn: false, state: { seq: 3 } },
      })
    }
  })

  test('in the very first record: the marker finishes the start', () => {
    const home = tempDir()
    const paths = sessionPaths(home, session)
    startRun(home, activation(), 7)
    const whole = fs.readFileSync(paths.ledger)
    for (const cut of [0, 1, 100, whole.length - 2]) {
      fs.writeFileSync(paths.ledger, whole.subarray(0, cut))
      fs.writeFileSync(
        paths.marker,
        JSON.stringify({ v: 1, started: false, activation: activation(), at: 7 }),
      )
      const settled = settle(home, session, clock)
      expect(settled).toMatchObject({
        ok: true,
        value: { torn: false, marker: { started: true }, findings: [], state: { runs: [{ createdAt: 7 }] } },
      })
    }
  })
})

describe('the word the shim left: disable', () => {
  /** What the shim had done when it was killed. */
  const moments: [string, boolean, boolean][] = [
    ['the request is there, the marker too', true, true],
    ['the request is there, the marker gone', true, false],
  ]
  test.each(moments)('%s', (_what, request, marker) => {
    const home = tempDir()
    const paths = sessionPaths(home, session)
    startRun(home, activation(), 1)
    fs.mkdirSync(path.dirname(paths.disableRequest))
    if (request) fs.writeFileSync(paths.disableRequest, '')
    if (!marker) fs.unlinkSync(paths.marker)
    expect(readSession(home, session)).toMatchObject({ ok: true, value: { findings: [] } })

    const settled = settle(home, session, clock)
    expect(settled).toMatchObject({
      ok: true,
      value: {
        marker: null,
        findings: [],
        state: { runs: [{ status: 'disabled', closed: { by: 'prompt' } }] },
      },
    })
    expect(fs.existsSync(paths.disableRequest)).toBe(false)
  })

  test.each([
    ['no second line', `${session}\n`, null],
    ['no reason', `${session}\n""\n`, null],
    ['a reason', `${session}\n"the \\"wrong\\" tree "\n`, 'the "wrong" tree'],
    ['a line that was cut short', `${session}\n"the wro`, null],
    ['something else', `${session}\n{"reason":1}\n`, null],
  ])('its reason goes into the ledger: %s', (_what, text, reason) => {
    const home = tempDir()
    const paths = sessionPaths(home, session)
    startRun(home, activation(), 1)
    fs.mkdirSync(path.dirname(paths.disableRequest))
    fs.writeFileSync(paths.disableRequest, text)
    expect(settle(home, session, clock)).toMatchObject({
      ok: true,
      value: { state: { runs: [{ status: 'disabled', closed: { by: 'prompt', reason } }] } },
    })
  })

  test('killed while it is folded in', async () => {
    for (const killAt of sampleOf([1, 2, 3, 4, 5], 2, 1)) {
      const home = tempDir()
      const paths = sessionPaths(home, session)
      startRun(home, activation(), 1)
      fs.mkdirSync(path.dirname(paths.disableRequest))
      fs.writeFileSync(paths.disableRequest, '')
      const steps = await live(home, killAt)
      expect(steps).toHaveLength(killAt)
      await live(home)
      expect(readSession(home, session)).toMatchObject({
        ok: true,
        value: { marker: null, findings: [], state: { runs: [{ status: 'disabled', stops: 0 }] } },
      })
      expect(fs.existsSync(paths.disableRequest)).toBe(false)
    }
  })

  test('it is folded in before a verdict that was being made', () => {
    const home = tempDir()
    const paths = sessionPaths(home, session)
    startRun(home, activation(), 1)
    fs.mkdirSync(path.dirname(paths.disableRequest))
    fs.writeFileSync(paths.disableRequest, '')
    fs.unlinkSync(paths.marker)
    let seen: string | undefined
    append(sessionPaths(home, session), clock, (state) => {
      seen = state.runs.at(-1)?.status
      return ok([])
    })
    expect(seen).toBe('disabled')
  })

  test('one left over from a run that is closed does not touch the next run', () => {
    const home = tempDir()
    const paths = sessionPaths(home, session)
    startRun(home, activation(), 1)
    append(sessionPaths(home, session), clock, () =>
      ok([{ type: 'closed', data: { how: 'waived', by: 'prompt', reason: null } }]),
    )
    fs.mkdirSync(path.dirname(paths.disableRequest))
    fs.writeFileSync(paths.disableRequest, '')
    expect(startRun(home, activation({ runId: 'run-2' }), 2)).toMatchObject({ ok: true })
    expect(settle(home, session, clock)).toMatchObject({
      ok: true,
      value: { state: { runs: [{ status: 'waived' }, { status: 'active' }] } },
    })
  })
})

test('a marker left by a cut-short end goes with the next process', () => {
  const home = tempDir()
  const paths = sessionPaths(home, session)
  startRun(home, activation(), 1)
  const marker = fs.readFileSync(paths.marker)
  append(sessionPaths(home, session), clock, () => ok([stop({ outcome: { verdict: 'release' } })]))
  expect(fs.existsSync(paths.marker)).toBe(false)
  fs.writeFileSync(paths.marker, marker)
  expect(settle(home, session, clock).ok).toBe(true)
  expect(fs.existsSync(paths.marker)).toBe(false)
})
