import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { ok } from '../../src/base/result.ts'
import { checkpointEvery } from '../../src/ledger/checkpoint.ts'
import { loadLedger } from '../../src/ledger/ledger-file.ts'
import { type SessionPaths, sessionPaths } from '../../src/ledger/paths.ts'
import { startRun } from '../../src/ledger/start.ts'
import { append, readSession } from '../../src/ledger/store.ts'
import { activation, session, stop, tempDir } from './world.ts'

const clock = () => 1_000

/** A run whose ledger is long enough for a checkpoint; the copy is what a new process, without memory of it, would meet. */
function long(): { home: string; paths: SessionPaths; file: string } {
  const home = tempDir()
  startRun(home, activation(), 1)
  const big = stop({ delivered: { reason: 'x'.repeat(10_000) } })
  append(sessionPaths(home, session), clock, () =>
    ok(Array.from({ length: checkpointEvery / 10_000 + 1 }, () => big)),
  )
  const moved = tempDir()
  fs.cpSync(home, moved, { recursive: true })
  const paths = sessionPaths(moved, session)
  return { home: moved, paths, file: path.join(paths.dir, 'checkpoint') }
}

/** A checkpoint that says it fits, with something else in it. */
function forge(file: string, change: (body: string) => string): void {
  const body = change(fs.readFileSync(file, 'utf8').slice(65))
  fs.writeFileSync(file, `${sha256(body)}\n${body}`)
}

function loaded(paths: SessionPaths) {
  const result = loadLedger(paths.ledger)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

describe('a long ledger', () => {
  test('is read from its checkpoint, with the same outcome as from its first byte', () => {
    const { paths } = long()
    const size = fs.statSync(paths.ledger).size
    const quick = loaded(paths)
    expect(quick.checkpointed).toBe(size)
    const whole = loadLedger(paths.ledger, 'whole')
    expect(whole).toEqual(ok({ ...quick, checkpointed: 0 }))
  })

  test('short ones have none', () => {
    const home = tempDir()
    startRun(home, activation(), 1)
    append(sessionPaths(home, session), clock, () => ok([stop()]))
    expect(fs.existsSync(path.join(sessionPaths(home, session).dir, 'checkpoint'))).toBe(false)
  })

  test('what follows the checkpoint is verified and folded', () => {
    const { home, paths } = long()
    const before = loaded(paths).state.runs[0]?.stops ?? 0
    append(sessionPaths(home, session), clock, () => ok([stop()]))
    expect(readSession(home, session)).toMatchObject({
      ok: true,
      value: { state: { runs: [{ stops: before + 1 }] } },
    })
    fs.appendFileSync(paths.ledger, '{"seq"')
    expect(readSession(home, session)).toMatchObject({ ok: true, value: { torn: true } })
  })

  const harmless: [string, (file: string) => void][] = [
    ['gone', (file) => fs.rmSync(file)],
    ['empty', (file) => fs.writeFileSync(file, '')],
    ['half', (file) => fs.truncateSync(file, 500)],
    [
      'edited',
      (file) => fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('make it work', 'be happy')),
    ],
    ['of another version', (file) => forge(file, (body) => body.replace(/"v":\d+/, '"v":9999'))],
    ['no object', (file) => forge(file, () => '[]')],
    ['without its members', (file) => forge(file, () => '{"v":1}')],
    ['of another ledger', (file) => forge(file, (body) => body.replace(/"prefix":"..../, '"prefix":"0000'))],
    ['longer than the ledger', (file) => forge(file, (body) => body.replace(/"bytes":/, '"bytes":9'))],
  ]
  test.each(harmless)('a checkpoint that is %s only costs time', (_what, damage) => {
    const { paths, file } = long()
    const right = loadLedger(paths.ledger, 'whole')
    damage(file)
    const copy = tempDir()
    fs.cpSync(paths.dir, copy, { recursive: true })
    expect(loadLedger(path.join(copy, 'ledger.jsonl'))).toEqual(right)
  })

  test('an edit before the checkpoint is found', () => {
    const { home, paths } = long()
    fs.writeFileSync(
      paths.ledger,
      fs.readFileSync(paths.ledger, 'utf8').replace('make it work', 'be  happy   '),
    )
    expect(readSession(home, session)).toMatchObject({ ok: false, error: { code: 'ledger-broken' } })
  })

  test('no release rests on a forged one, and it does not stand in the way for long', () => {
    const { home, file, paths } = long()
    forge(file, (body) => body.replaceAll('"objective":"make it work"', '"objective":"be happy"'))
    const release = () =>
      append(sessionPaths(home, session), clock, () => ok([stop({ outcome: { verdict: 'release' } })]))
    expect(loaded(paths).state.runs[0]?.contract.objective).toBe('be happy')
    expect(release()).toMatchObject({ ok: false, error: { code: 'checkpoint-wrong' } })
    expect(readSession(home, session)).toMatchObject({
      ok: true,
      value: { state: { runs: [{ status: 'active', contract: { objective: 'make it work' } }] } },
    })
    expect(release()).toMatchObject({ ok: true, value: { state: { runs: [{ status: 'released' }] } } })
  })
})
