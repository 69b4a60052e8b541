import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readEnv } from '../../src/base/env.ts'
import { reportHtml } from '../../src/cli/render/report-html.ts'
import { reportMarkdown } from '../../src/cli/render/report-md.ts'
import type { LedgerEvent, StopRecord } from '../../src/ledger/events.ts'
import { modernEvent } from '../../src/ledger/before-04.ts'
import { fold } from '../../src/ledger/fold.ts'
import { readEvents } from '../../src/ledger/ledger-file.ts'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { readSession } from '../../src/ledger/store.ts'
import { auditSession } from '../../src/views/audit/audit.ts'
import { viewEvent } from '../../src/views/events-view.ts'
import { explainAll } from '../../src/views/explain.ts'
import { type RunHistory, eventsOf } from '../../src/views/history.ts'
import { buildReport } from '../../src/views/report.ts'
import { sessionStatus } from '../../src/views/session-status.ts'
import { tempDir } from './world.ts'

/*
 * Ledgers as 0.3.0 wrote them. `steered`, `halted` and `released` come from its own hooks and command line; `every-kind` holds
 * the kinds of events that these do not have.
 */
const dir = path.join(import.meta.dirname, '..', 'fixtures', 'ledger-0.3.0')
const names = fs.readdirSync(dir).map((name) => path.basename(name, '.jsonl'))
const fileOf = (name: string): string => path.join(dir, `${name}.jsonl`)

function eventsIn(name: string): readonly LedgerEvent[] {
  const read = readEvents(fileOf(name))
  if (!read.ok || read.value.chain.state !== 'intact') throw new Error(`${name} does not hold together`)
  return read.value.events
}

const stopsIn = (name: string): readonly StopRecord[] =>
  eventsIn(name).flatMap((event) => (event.type === 'stop' ? [event.data] : []))

function historiesIn(name: string): readonly RunHistory[] {
  const events = eventsIn(name)
  return fold(events).runs.map((run) => ({
    run,
    events: eventsOf(events, run.runId),
    ledger: fileOf(name),
    archived: false,
    integrity: { state: 'intact', records: events.length, head: events.at(-1)?.hash ?? '', problem: null },
  }))
}

test('every kind of event is among them', () => {
  const kinds = new Set(names.flatMap((name) => eventsIn(name).map((event) => event.type)))
  expect([...kinds].sort()).toEqual([
    'activated',
    'amended',
    'child',
    'closed',
    'ending',
    'limits',
    'paused',
    'plan',
    'prompt',
    'refined',
    'refused',
    'repaired',
    'resumed',
    'session',
    'stop',
    'unjudged',
    'wait',
  ])
})

describe('what was written as words is data now, or stands as it was written', () => {
  test('a session from prompt to release', () => {
    const stops = stopsIn('steered')
    expect(stops.map((one) => [one.verdict, one.blockers.map((blocker) => blocker.kind)])).toEqual([
      ['block', ['evidence', 'plan']],
      ['block', ['command']],
      ['block', []],
      ['park', []],
      ['park', []],
      ['release', []],
    ])
    const digest = stops[2]?.drift?.digest
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(stops[2]).toMatchObject({ cause: 'definition', gatesRun: 'none' })
    expect(stops[3]).toMatchObject({ park: { kind: 'definition', digest } })
    expect(stops[4]).toMatchObject({ park: { kind: 'wait', reason: 'which colour?' } })
    expect(stops[1]?.commands).toContainEqual(
      expect.objectContaining({ name: 'test', outcome: 'failed', cause: 'exit', exitCode: 1 }),
    )
    const amended = eventsIn('steered').find((event) => event.type === 'amended')
    expect(amended?.data).toMatchObject({
      changes: expect.arrayContaining([
        expect.objectContaining({
          difference: { kind: 'recorded', text: expect.stringContaining('scripts.test') },
        }),
      ]),
      activation: { origin: { kind: 'session', armedBy: 'prompt', mode: 'prompt' } },
    })
  })

  test('limits, gates that could not run, processes, a torn write, what gates left', () => {
    const [named, failed, stuck, halted, released] = stopsIn('every-kind')
    expect(named).toMatchObject({
      blockers: [{ kind: 'background', processes: [{ pid: 77, start: '123456' }] }],
      leftByGates: { paths: ['dist/'] },
    })
    expect(failed?.commands).toMatchObject([
      { name: 'test', cause: 'exit', exitCode: 1, why: null },
      { name: 'lint', cause: null, why: 'took longer than its time limit and was ended' },
      { name: 'types', outcome: 'could-not-run', why: expect.stringContaining('not on the PATH') },
    ])
    expect(stuck).toMatchObject({ park: { kind: 'could-not-run', commands: ['types'] } })
    expect(halted).toMatchObject({ halt: { kind: 'recorded', text: 'The limit of 9 stops is reached.' } })
    expect(released?.session).toMatchObject({
      background: [{ pid: 78, command: 'server' }],
      ended: ['77 vite'],
    })
    expect(eventsIn('every-kind')[0]?.data).toMatchObject({
      origin: { formerSessions: ['01999999-aaaa-7bbb-8ccc-000000000000'], mode: 'spooled', armedBy: 'agent' },
      changedBefore: [{ file: 'package.json', difference: { kind: 'recorded' } }],
    })
  })
})

describe('what was found stands as it was said, without what was asked for', () => {
  test('in ledgers of then', () => {
    const said = names.flatMap((name) =>
      stopsIn(name).flatMap((one) => one.evidence.map((fact) => fact.found)),
    )
    expect(new Set(said.map((found) => (found.kind === 'recorded' ? found.text : found)))).toEqual(
      new Set([
        'nothing is there',
        'a file is there',
        'src/a.ts',
        'src/work.txt',
        'no matching file differs from the start; nothing else in the workspace does either',
      ]),
    )
  })

  test.each([
    [
      'pathExists src/*.ts: only 1 file matches (2 wanted): src/a.ts',
      'only 1 file matches (2 wanted): src/a.ts',
    ],
    [
      'pathAbsent docs/**: still there: docs/a.md (x/** through the link x)',
      'still there: docs/a.md (x/** through the link x)',
    ],
    ['fileMatches README.md /^## API$/: no match in 4 lines', 'no match in 4 lines'],
    ['fileMatches a.ts without /: (any|\nx)/: the file still matches', 'the file still matches'],
    ['nothing below src: it differs', 'nothing below src: it differs'],
  ])('%j', (detail, text) => {
    const old = JSON.parse(fs.readFileSync(fileOf('halted'), 'utf8').split('\n')[1] ?? '') as LedgerEvent
    const event = { ...old, data: { ...old.data, evidence: [{ taskId: 'T1', index: 0, met: true, detail }] } }
    expect(modernEvent(event as unknown as LedgerEvent)).toMatchObject({
      data: { evidence: [{ taskId: 'T1', index: 0, met: true, found: { kind: 'recorded', text } }] },
    })
  })
})

describe.each(names)('%s', (name) => {
  test('is shown by every view, without a word of it lost', () => {
    for (const history of historiesIn(name)) {
      for (const event of history.events) expect(viewEvent(event).text).not.toBe('')
      const stops = explainAll(history)
      for (const one of stops) {
        expect(one.because).not.toEqual([])
        expect(one.evidence).not.toEqual([])
      }
      const report = buildReport(history, null)
      for (const { judgement } of stops)
        expect(reportHtml(report, '1')).toContain(`[ledger ${judgement.delivered?.head}]`)
      expect(reportMarkdown(report)).toContain(history.run.contract.objective)
      expect(sessionStatus({ ...readEnv(), home: '/nowhere' }, history.run, 's')).toMatchObject({
        state: history.run.status,
        stops: stops.length,
      })
    }
  })

  test('is read from its place, checked whole, and audited', () => {
    const home = tempDir()
    const [first] = historiesIn(name)
    const origin = first?.run.activation.origin
    if (origin?.kind !== 'session') throw new Error('a session')
    const paths = sessionPaths(home, origin.sessionId)
    fs.mkdirSync(paths.dir, { recursive: true })
    fs.copyFileSync(fileOf(name), paths.ledger)
    expect(readSession(home, origin.sessionId)).toMatchObject({ ok: true, value: { torn: false } })
    const env = { vars: {}, cwd: home, codexHome: home, home, tmpDir: '/tmp', uid: 0 }
    const audit = auditSession({ env, clock: () => 0, newId: () => '' }, origin.sessionId)
    expect(audit.runs).toHaveLength(historiesIn(name).length)
    // Its chain, its releases and its contracts hold; files beside the ledger are not part of the fixture.
    const codes = audit.findings.filter((one) => one.level === 'broken').map((one) => one.code)
    expect(codes.filter((code) => !/^(baseline|approval|marker)-/.test(code))).toEqual(
      name === 'every-kind' ? expect.arrayContaining(['contract-hash']) : [],
    )
  })
})
