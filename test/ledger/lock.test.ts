import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { self } from '../../src/base/process-id.ts'
import { ok } from '../../src/base/result.ts'
import { withLock, withLockSync } from '../../src/ledger/lock.ts'
import { bundle, start, tempDir } from './world.ts'

const increment = bundle('increment')
const hold = bundle('hold')
const soon = { waitMs: 20_000 }

/** Numbers of the links in a lock directory. */
function numbers(dir: string): number[] {
  return fs.readdirSync(dir).map((name) => Number(name.slice(2)))
}

describe('one at a time', () => {
  test('six processes and killed holders in between lose no update', async () => {
    const dir = path.join(tempDir(), 'lock')
    const file = path.join(tempDir(), 'count')
    fs.writeFileSync(file, '0')
    const workers = Array.from({ length: 6 }, (_, index) =>
      start(increment, [dir, file, '60', index % 2 === 0 ? 'sync' : 'async']),
    )
    for (let round = 0; round < 4; round += 1) {
      const holder = start(hold, [dir])
      await holder.line
      holder.process.kill('SIGKILL')
      await holder.ended
    }
    for (const worker of workers) expect((await worker.ended).err).toBe('')
    expect(fs.readFileSync(file, 'utf8')).toBe('360')
    // Swept while it was used: 364 turns left a handful of links.
    expect(numbers(dir).length).toBeLessThan(10)
    expect(Math.max(...numbers(dir))).toBeGreaterThanOrEqual(364)
  })

  test('a living holder is waited for, named, and never robbed', async () => {
    const dir = path.join(tempDir(), 'lock')
    const holder = start(hold, [dir])
    await holder.line
    const named: number[] = []
    const onWait = (id: { pid: number }) => named.push(id.pid)
    const sync = withLockSync(dir, { waitMs: 30, onWait }, () => ok('in'))
    expect(sync).toMatchObject({ ok: false, error: { code: 'lock-busy', data: { pid: holder.process.pid } } })
    const waiting = withLock(dir, { ...soon, onWait }, async () => ok('in'))
    holder.process.stdin?.end()
    expect(await waiting).toEqual(ok('in'))
    expect(named[0]).toBe(holder.process.pid)
    await holder.ended
  })

  test('a zombie is dead', async () => {
    const dir = path.join(tempDir(), 'lock')
    const holder = start(hold, [dir])
    await holder.line
    process.kill(holder.process.pid ?? 0, 'SIGKILL')
    // Not awaited: this process has not reaped it when the lock is asked for.
    expect(withLockSync(dir, soon, () => ok('in'))).toEqual(ok('in'))
    await holder.ended
  })

  test('the signal ends the waiting', async () => {
    const dir = path.join(tempDir(), 'lock')
    const ended = new AbortController()
    await withLock(dir, soon, async () => {
      const second = withLock(dir, { ...soon, signal: ended.signal, onWait: () => ended.abort() }, async () =>
        ok('in'),
      )
      expect(await second).toMatchObject({ ok: false, error: { code: 'lock-aborted' } })
      return ok(undefined)
    })
    expect(withLockSync(dir, soon, () => ok('free'))).toEqual(ok('free'))
  })

  test('what throws inside leaves the lock free', () => {
    const dir = path.join(tempDir(), 'lock')
    const boom = () =>
      withLockSync(dir, soon, () => {
        throw new Error('boom')
      })
    expect(boom).toThrow('boom')
    expect(withLockSync(dir, { waitMs: 0 }, () => ok('in'))).toEqual(ok('in'))
  })

  test('a place where no lock can be made is a named failure', () => {
    const file = path.join(tempDir(), 'file')
    fs.writeFileSync(file, '')
    expect(withLockSync(file, soon, () => ok(1))).toMatchObject({ ok: false, error: { code: 'lock-io' } })
  })
})

describe('what lies in the directory', () => {
  const { pid, start: since } = self()
  const token = '00ff00ff00ff00ff'
  const free: [string, Record<string, string>][] = [
    ['nothing', {}],
    ['a released turn', { 'r-7': `${pid}:${token}:${since}` }],
    ['a process that is gone', { 'g-7': `4194305:${token}:1` }],
    ['a process number that somebody else has now', { 'g-7': `${pid}:${token}:1` }],
    ['a link that holds no process', { 'g-7': 'nonsense' }],
    ['names that mean nothing', { 'g-x': 'a', '.DS_Store': 'b', 'g-7.tmp': 'c' }],
    [
      'an older turn of a living process below a released one',
      { 'g-6': `${pid}:${token}:${since}`, 'r-7': 'x' },
    ],
    ['a late link beside the release of the same number', { 'g-7': `${pid}:${token}:${since}`, 'r-7': 'x' }],
  ]
  test.each(free)('%s: free', (_what, links) => {
    const dir = tempDir()
    for (const [name, target] of Object.entries(links)) fs.symlinkSync(target, path.join(dir, name))
    expect(withLockSync(dir, { waitMs: 0 }, () => ok('in'))).toEqual(ok('in'))
  })

  const held: [string, Record<string, string>][] = [
    ['a living process', { 'g-7': `${pid}:${token}:${since}` }],
    ['a living process above released turns', { 'r-6': 'x', 'g-7': `${pid}:${token}:${since}` }],
    ['a living process whose start nobody could read', { 'g-7': `${pid}:${token}:unknown` }],
  ]
  test.each(held)('%s: held', (_what, links) => {
    const dir = tempDir()
    for (const [name, target] of Object.entries(links)) fs.symlinkSync(target, path.join(dir, name))
    expect(withLockSync(dir, { waitMs: 0 }, () => ok('in'))).toMatchObject({ error: { code: 'lock-busy' } })
    expect(fs.readdirSync(dir).sort()).toEqual(Object.keys(links).sort())
  })

  test('a holder whose directory was made anew does not free the turn of another', () => {
    const dir = path.join(tempDir(), 'lock')
    withLockSync(dir, soon, () => {
      fs.renameSync(dir, `${dir}-archived`)
      fs.mkdirSync(dir)
      fs.symlinkSync(`${pid}:${token}:${since}`, path.join(dir, 'g-1'))
      return ok(undefined)
    })
    expect(fs.readdirSync(dir)).toEqual(['g-1'])
  })
})
