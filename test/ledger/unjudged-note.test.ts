import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { readEvents } from '../../src/ledger/ledger-file.ts'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { settle, startRun } from '../../src/ledger/start.ts'
import { onStep } from '../../src/ledger/step.ts'
import { readSession } from '../../src/ledger/store.ts'
import { activation, session, tempDir } from './world.ts'

const clock = () => 1_000_000

function opened(): { home: string; note: string; reasons: () => string[] } {
  const home = tempDir()
  const started = startRun(home, activation({ runId: 'run-1' }), 1_000_000)
  if (!started.ok) throw new Error(started.error.message)
  const { unjudgedNote: note, ledger } = sessionPaths(home, session)
  fs.mkdirSync(path.dirname(note))
  const reasons = (): string[] => {
    const read = readEvents(ledger)
    if (!read.ok) throw new Error(read.error.message)
    return read.value.events.flatMap((event) => (event.type === 'unjudged' ? [event.data.why] : []))
  }
  return { home, note, reasons }
}

const settled = (home: string): void => {
  const done = settle(home, session, clock)
  if (!done.ok) throw new Error(done.error.message)
}

test('what the shim noted of stops goes into the ledger once, with its time', () => {
  const { home, note, reasons } = opened()
  fs.writeFileSync(note, 'its program is missing\n')
  fs.utimesSync(note, 1_700_000_000, 1_700_000_000)
  settled(home)
  expect(reasons()).toEqual(['its program is missing (at 2023-11-14T22:13:20.000Z)'])
  expect(fs.existsSync(note)).toBe(false)
  fs.writeFileSync(note, 'a\nb\na\n')
  settled(home)
  expect(reasons()[1]).toMatch(/^3 stops: a; b \(at .*\)$/)
  expect(readSession(home, session)).toMatchObject({ ok: true, value: { findings: [] } })
})

test('a process that is killed while it takes a note leaves the rest to the next one; nothing is told twice or lost', () => {
  for (const at of ['settle:after-taking', 'settle:after-unjudged'] as const) {
    const { home, note, reasons } = opened()
    fs.writeFileSync(note, 'first\n')
    onStep((step) => {
      if (step === at) throw new Error('killed')
    })
    try {
      settle(home, session, clock)
    } finally {
      onStep(() => undefined)
    }
    expect(fs.existsSync(`${note}.taken`)).toBe(true)
    // Meanwhile the next stop ended the same way.
    fs.writeFileSync(note, 'second\n')
    settled(home)
    settled(home)
    expect([at, reasons().map((why) => why.split(' ')[0])]).toEqual([at, ['first', 'second']])
    expect(fs.readdirSync(path.dirname(note))).toEqual([])
  }
})

test('a note that is too large to read is told of', () => {
  const { home, note, reasons } = opened()
  fs.writeFileSync(note, 'x'.repeat(1_100_000))
  settled(home)
  expect(reasons()).toEqual([expect.stringMatching(/^unreadable note: /)])
  expect(fs.readdirSync(path.dirname(note))).toEqual([])
})

test.each([
  ['a directory', (note: string) => fs.mkdirSync(note)],
  ['a link to nothing', (note: string) => fs.symlinkSync('/nowhere/at/all', note)],
])('a note that is %s is taken away and keeps nobody', (_name, make) => {
  const { home, note, reasons } = opened()
  make(note)
  settled(home)
  expect(reasons()).toEqual([])
  expect(fs.readdirSync(path.dirname(note))).toEqual([])
})
