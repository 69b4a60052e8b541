import fs from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { ok } from '../../src/base/result.ts'
import type { NewEvent } from '../../src/ledger/events.ts'
import { openMarkers } from '../../src/ledger/held.ts'
import { readEvents } from '../../src/ledger/ledger-file.ts'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { settle, startRun } from '../../src/ledger/start.ts'
import { type RunState, isHeldBy, openRun, provisionalRun } from '../../src/ledger/state.ts'
import { append, readSession } from '../../src/ledger/store.ts'
import { type FinalLook, isProvisional } from '../../src/verdict/standing.ts'
import { sampleOf } from '../rig/long.ts'
import { activation, bundle, session, start, stop, tempDir } from './world.ts'

const provisional = { turnId: 't1', transcript: null, lookMs: 3 }
const release = stop({ outcome: { verdict: 'release' }, provisional })
const reopened: NewEvent = { type: 'reopened', data: { by: 'stop', turnId: 't2', changes: null } }
const unchanged: FinalLook = { how: 'prompt', looked: 'unchanged', changes: null, why: null }
const finalised: NewEvent = { type: 'finalised', data: unchanged }
const prompt: NewEvent = { type: 'prompt', data: { sha256: sha256('p'), turnId: 't2' } }
const child: NewEvent = {
  type: 'child',
  data: { id: 'c', what: 'started', agentType: null, transcript: null, codex: null },
}

/** A home with a run that was begun at minute 1 and has these events, a minute apart. */
function homeWith(...list: readonly NewEvent[]): string {
  const home = tempDir()
  startRun(home, activation(), 60_000)
  list.forEach((event, index) => {
    const written = append(
      sessionPaths(home, session),
      () => (index + 2) * 60_000,
      () => ok([event]),
    )
    if (!written.ok) throw new Error(written.error.message)
  })
  return home
}
const lastRun = (home: string): RunState => {
  const record = readSession(home, session)
  const run = record.ok ? record.value.state.runs.at(-1) : undefined
  if (!run) throw new Error('no run')
  return run
}
const marker = (home: string): boolean => fs.existsSync(sessionPaths(home, session).marker)

describe('a release', () => {
  const rows: [string, NewEvent[], object, boolean][] = [
    [
      'is provisional, and its session is looked after',
      [release],
      {
        status: 'released',
        release: { standing: 'provisional', turnId: 't1', prompted: false, worked: false },
      },
      true,
    ],
    [
      'of an attempt, or of an older release, is final at once',
      [stop({ outcome: { verdict: 'release' } })],
      { status: 'released', release: { standing: 'final', look: null } },
      false,
    ],
    ['is final', [release, finalised], { release: { standing: 'final', look: unchanged } }, false],
    ['that is final is not opened again', [release, finalised, reopened], { status: 'released' }, false],
    [
      'after which the agent went on is an open run, whose counts and limits go on',
      [stop(), release, reopened],
      {
        status: 'active',
        iteration: 1,
        stops: 2,
        reopened: { at: 240_000, changes: null },
        unjudgedTurn: 't2',
        // The minute in which nobody was held does not count.
        limitsFrom: 120_000,
      },
      true,
    ],
    [
      'that is given again',
      [release, reopened, stop(), release],
      { status: 'released', stops: 3, iteration: 1, release: { standing: 'provisional' } },
      true,
    ],
    ['with a prompt after it', [release, prompt], { release: { prompted: true, worked: false } }, true],
    ['with a sub-agent after it', [release, child], { release: { worked: true } }, true],
    ['with a sub-agent after a prompt', [release, prompt, child], { release: { worked: false } }, true],
    [
      'is neither paused nor closed',
      [
        release,
        { type: 'paused', data: { by: 'prompt', reason: null } },
        { type: 'closed', data: { how: 'waived', by: 'prompt', reason: null } },
      ],
      { status: 'released', release: { standing: 'provisional' } },
      true,
    ],
  ]
  test.each(rows)('%s', (_what, list, expected, held) => {
    const home = homeWith(...list)
    expect(lastRun(home)).toMatchObject(expected)
    expect(marker(home)).toBe(held)
    expect(openMarkers(home)).toHaveLength(held && lastRun(home).status !== 'released' ? 1 : 0)
    expect(settle(home, session, () => 1)).toMatchObject({ ok: true, value: { findings: [] } })
    expect(marker(home)).toBe(held)
  })

  test('given again says nothing of the time before', () => {
    expect(lastRun(homeWith(release, reopened, release)).reopened).toBeUndefined()
  })
})

describe('the next run of the session', () => {
  const next = activation({ runId: 'run-2' })
  test('makes it final, and says so in its own record', () => {
    const home = homeWith(release)
    expect(startRun(home, next, 9)).toMatchObject({
      ok: true,
      value: {
        runs: [
          { status: 'released', release: { standing: 'final', look: { how: 'next-run' } } },
          { status: 'active' },
        ],
      },
    })
    const read = readEvents(sessionPaths(home, session).ledger)
    expect(read.ok && read.value.events.map((event) => event.type)).toEqual([
      'activated',
      'stop',
      'finalised',
      'activated',
    ])
  })

  test('is not begun by the agent before a prompt', () => {
    const agents = { ...next, origin: { ...next.origin, armedBy: 'agent' as const } }
    const home = homeWith(release)
    expect(startRun(home, agents, 9)).toMatchObject({ ok: false, error: { code: 'run-open' } })
    expect(marker(home)).toBe(true)
    expect(startRun(homeWith(release, prompt), agents, 9)).toMatchObject({ ok: true })
  })

  test('that cannot be begun leaves the release as it was', () => {
    const home = homeWith(release)
    const { ledger } = sessionPaths(home, session)
    fs.renameSync(ledger, `${ledger}.away`)
    fs.mkdirSync(ledger)
    expect(startRun(home, next, 9)).toMatchObject({ ok: false })
    fs.rmdirSync(ledger)
    fs.renameSync(`${ledger}.away`, ledger)
    expect(readSession(home, session)).toMatchObject({
      ok: true,
      value: { findings: [], marker: { activation: { runId: 'run-1' } } },
    })
  })
})

test('the word the shim left lets a session go whose release is provisional', () => {
  const home = homeWith(release)
  const { disableRequest } = sessionPaths(home, session)
  fs.mkdirSync(`${home}/requests`, { recursive: true })
  fs.writeFileSync(disableRequest, '')
  settle(home, session, () => 5)
  expect(lastRun(home)).toMatchObject({
    status: 'released',
    release: { standing: 'final', look: { looked: 'not-looked' } },
  })
  expect([marker(home), fs.existsSync(disableRequest)]).toEqual([false, false])
})

test('killed at any step of it, the next process goes on; nothing is lost or done twice', async () => {
  const life = bundle('life-after')
  const live = async (home: string, killAt = 0): Promise<string[]> => {
    const ended = await start(life, [home, String(killAt)]).ended
    expect({ err: ended.err, signal: ended.signal }).toEqual({
      err: '',
      signal: killAt === 0 ? null : 'SIGKILL',
    })
    return ended.out.split('\n').filter(Boolean)
  }
  const expectWhole = (home: string): void => {
    const record = readSession(home, session)
    expect(record).toMatchObject({
      ok: true,
      value: {
        torn: false,
        findings: [],
        marker: { started: true, activation: { runId: 'run-3' } },
        state: {
          runs: [
            { status: 'released', stops: 2, release: { standing: 'final', look: unchanged } },
            { status: 'released', stops: 1, release: { standing: 'final', look: { how: 'next-run' } } },
            { status: 'active', stops: 0 },
          ],
        },
      },
    })
  }
  const home = tempDir()
  const steps = await live(home)
  expectWhole(home)
  for (const [index, name] of sampleOf([...steps.entries()], 4, 1)) {
    const crashed = tempDir()
    await live(crashed, index + 1)
    const record = settle(crashed, session, () => 1)
    if (!record.ok) throw new Error(`after ${name}: ${record.error.message}`)
    const { state } = record.value
    expect([name, record.value.findings]).toEqual([name, []])
    // A marker stands exactly as long as somebody is held.
    expect([name, isHeldBy(state)]).toEqual([name, record.value.marker !== null])
    expect([name, openRun(state) !== undefined && provisionalRun(state) !== undefined]).toEqual([name, false])
    expect(state.runs.slice(0, -1).filter(isProvisional)).toEqual([])
    await live(crashed)
    expectWhole(crashed)
  }
}, 240_000)
