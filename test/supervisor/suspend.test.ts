import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { endSuspension, readSuspension, suspend, suspensionsDir } from '../../src/records/suspensions.ts'
import { quotaUntil, serviceUntil } from '../../src/supervisor/decide/suspend.ts'
import { providerOf } from '../../src/supervisor/effects/providers.ts'

let dir = ''
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-suspend-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

const NOW = 1_800_000_000_000
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

test.each<[string, number | null, number, number]>([
  ['a stated time, and 5 seconds', NOW + HOUR, 0, HOUR + 5000],
  ['none: 5 minutes', null, 0, 5 * MINUTE],
  ['none, asked in vain before: twice as long', null, 1, 10 * MINUTE],
  ['none, again and again: an hour at most', null, 9, HOUR],
  ['one that has just passed: the turn took a moment to end', NOW - 1, 0, 4999],
  ['one that has just passed, asked in vain before', NOW - 1, 1, 10 * MINUTE],
  ['one that has passed is none', NOW - 5000, 0, 5 * MINUTE],
  ['more than 8 days away: daily', NOW + 8 * DAY + 1, 0, DAY],
  ['8 days away', NOW + 8 * DAY, 0, 8 * DAY + 5000],
  ['a short one that did not hold before', NOW + 1000, 2, 20 * MINUTE],
  ['a long one after one that did not hold', NOW + 2 * HOUR, 2, 2 * HOUR + 5000],
])('until when a quota is waited for: %s', (_, resetsAt, probes, expected) => {
  expect(quotaUntil(resetsAt, probes, NOW) - NOW).toBe(expected)
})

test('a service in the way: later each time, a fifth more or less, and half an hour for everybody from the tenth on', () => {
  const backoff = { baseSeconds: 10, maxSeconds: 300 }
  const waits = (times: number, random: number) => serviceUntil(times, backoff, NOW, random).until - NOW
  expect([1, 2, 3, 4, 5, 6, 9].map((times) => waits(times, 0.5) / 1000)).toEqual([
    10, 20, 40, 80, 160, 300, 300,
  ])
  expect([waits(1, 0), waits(1, 0.999_999)]).toEqual([8000, 12_000])
  expect(serviceUntil(9, backoff, NOW, 0).isShared).toBe(false)
  expect(serviceUntil(10, backoff, NOW, 0)).toEqual({ until: NOW + 30 * MINUTE, isShared: true })
})

test('the longer suspension stays, and none is ended before its time', () => {
  const one = { until: NOW + HOUR, why: 'quota', since: NOW, probes: 1 } as const
  expect(readSuspension(dir, 'p', NOW)).toBeNull()
  expect(suspend(dir, 'p', one, NOW)).toEqual({ ok: true, value: one })
  expect(suspend(dir, 'p', { ...one, until: NOW + MINUTE, probes: 2 }, NOW)).toMatchObject({
    value: { until: NOW + HOUR, probes: 2 },
  })
  endSuspension(dir, 'p', NOW)
  expect(readSuspension(dir, 'p', NOW)).toMatchObject({ until: NOW + HOUR })
  endSuspension(dir, 'p', NOW + HOUR)
  expect(readSuspension(dir, 'p', NOW)).toBeNull()
  // A clock that was wrong suspends nobody, and is no longer one either.
  const wrong = { ...one, until: NOW + 400 * DAY }
  fs.writeFileSync(path.join(suspensionsDir(dir), 'p.json'), JSON.stringify(wrong))
  expect(readSuspension(dir, 'p', NOW)).toBeNull()
  expect(suspend(dir, 'p', one, NOW)).toEqual({ ok: true, value: one })
  for (const torn of [
    '{"until": "soon"}',
    JSON.stringify({ ...one, probes: -1000 }),
    // Written by a clock that was ahead, and is no longer.
    JSON.stringify({ ...one, since: NOW + DAY, until: NOW + DAY + HOUR }),
    JSON.stringify(one).slice(0, 20),
    '\0'.repeat(1 << 20),
  ]) {
    fs.writeFileSync(path.join(suspensionsDir(dir), 'p.json'), torn)
    expect(readSuspension(dir, 'p', NOW)).toBeNull()
  }
})

test('Codex is known by who pays, and a command by its name and argv', () => {
  const env = { vars: {}, cwd: '/', codexHome: dir, home: dir, tmpDir: '/tmp', uid: 0 }
  const codex = (vars = {}) =>
    providerOf('any', { adapter: 'codex', network: 'none' }, { env: { ...env, vars } })
  const nobody = codex()
  expect(codex({ CODEX_API_KEY: 'k' })).not.toBe(nobody)
  fs.writeFileSync(path.join(dir, 'auth.json'), JSON.stringify({ tokens: { account_id: 'a' } }))
  const signedIn = codex()
  expect(signedIn).toMatch(/^codex-[0-9a-f]{16}$/)
  expect(signedIn).not.toBe(nobody)
  // A refreshed token is the same account.
  fs.writeFileSync(
    path.join(dir, 'auth.json'),
    JSON.stringify({ tokens: { account_id: 'a', access_token: 'new' } }),
  )
  expect(codex()).toBe(signedIn)
  const command = (name: string, argv: readonly string[]) =>
    providerOf(
      name,
      { adapter: 'command', argv: [...argv], sandbox: 'on', network: 'full', writable: [], secrets: [] },
      { env },
    )
  expect(command('a', ['x'])).toBe(command('a', ['x']))
  expect(new Set([command('a', ['x']), command('b', ['x']), command('a', ['x', 'y'])]).size).toBe(3)
})
