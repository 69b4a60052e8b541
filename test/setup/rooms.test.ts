import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Sha256, sha256 } from '../../src/base/hash.ts'
import { ok } from '../../src/base/result.ts'
import { self } from '../../src/base/process-id.ts'
import { homePaths, sessionPaths } from '../../src/ledger/paths.ts'
import { startRun } from '../../src/ledger/start.ts'
import type { NewEvent } from '../../src/ledger/events.ts'
import { append } from '../../src/ledger/store.ts'
import type { Context } from '../../src/records/context.ts'
import { keepLayer, takeLayer } from '../../src/records/layer-store.ts'
import { type Removable, planRooms } from '../../src/setup/rooms/plan.ts'
import { removeRooms } from '../../src/setup/rooms/remove.ts'
import { roomSizes } from '../../src/setup/rooms/size.ts'
import { activation, stop } from '../ledger/data.ts'
import { tempDir } from '../ledger/world.ts'

const HOUR = 3_600_000
const start = Date.now()

let home = ''
let repo = ''
beforeEach(() => {
  home = tempDir()
  repo = tempDir()
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

const at = (name: string): string => path.join(home, name)

/** As somebody sees it so many hours after the start. */
function seenAfter(hours: number): Context {
  const vars = {}
  const env = { vars, cwd: '/', codexHome: '/none', home, tmpDir: '/tmp', uid: 1 }
  return { env, clock: () => start + hours * HOUR, newId: () => 'id' }
}

function plan(hours: number, most?: number): string[] {
  return planRooms(seenAfter(hours), most).map(
    (one: Removable) => `${one.what} ${path.relative(home, one.path)}: ${one.why}`,
  )
}

function begin(runId: string, copied?: Sha256, as: 'copied' | 'kept' = 'copied'): string {
  const session = `01999999-aaaa-7bbb-8ccc-${randomBytes(6).toString('hex')}`
  const begun = startRun(
    home,
    activation(
      { runId, repoRoot: repo, ...(copied ? { [as]: { sha256: copied, unmatched: [] } } : {}) },
      session,
    ),
    start,
  )
  if (!begun.ok) throw new Error(begun.error.message)
  return session
}

function close(session: string, hours: number): void {
  const closed = append(
    sessionPaths(home, session),
    () => start + hours * HOUR,
    () => ok([{ type: 'closed', data: { how: 'disabled', by: 'terminal', reason: null } }]),
  )
  if (!closed.ok) throw new Error(closed.error.message)
}

function makeRoom(name: string): string {
  const dir = path.join(homePaths(home).rooms, name)
  fs.mkdirSync(path.join(dir, 'tree'), { recursive: true })
  fs.writeFileSync(path.join(dir, 'tree', 'a'), 'a'.repeat(10_000), { flush: true })
  fs.writeFileSync(path.join(dir, 'room.json'), '{}')
  return dir
}

describe('a room', () => {
  test('goes once its run is over, and not a moment after', () => {
    const session = begin('run-1')
    const dir = makeRoom('run-1')
    expect(plan(0)).toEqual([])
    close(session, 1)
    expect(plan(1.5)).toEqual([])
    expect(plan(2.5)).toEqual(['room rooms/run-1: closed'])
    expect(roomSizes(home)).toMatchObject({ rooms: 1, layers: 0, layer_bytes: 0 })
    expect(roomSizes(home).room_bytes).toBeGreaterThan(10_000)
    expect(removeRooms(home, planRooms(seenAfter(2.5)))).toHaveLength(1)
    expect(fs.existsSync(dir)).toBe(false)
  })

  test('of an open run goes when nobody has been there for long', () => {
    begin('run-1')
    makeRoom('run-1')
    expect(plan(11)).toEqual([])
    expect(plan(13)).toEqual(['room rooms/run-1: idle'])
  })

  test('that nobody knows goes after a day, but never while some record cannot be read', () => {
    makeRoom('run-unknown')
    expect(plan(23)).toEqual([])
    expect(plan(25)).toEqual(['room rooms/run-unknown: orphan'])
    const session = begin('run-2')
    fs.writeFileSync(sessionPaths(home, session).ledger, 'no ledger\n')
    expect(plan(25)).toEqual([])
  })

  test('of a check goes when that was killed', () => {
    const { pid, start: since } = self()
    makeRoom(`${pid}-${since}-0123456789ab`)
    makeRoom('1-12345-0123456789ab')
    expect(plan(0)).toEqual(['room rooms/1-12345-0123456789ab: killed'])
  })
})

describe('a layer', () => {
  const put = (name: string, root = repo, hash = 'aaaa'): { dir: string; digest: Sha256 } => {
    const dir = path.join(homePaths(home).prepared, hash)
    const written = path.join(home, `written-${name}`)
    fs.mkdirSync(written)
    fs.writeFileSync(path.join(written, 'a'), 'x'.repeat(100_000), { flush: true })
    keepLayer(dir, sha256(name), written, { at: start, root, argv: [name] })
    return { dir, digest: sha256(name) }
  }
  const use = (layer: { dir: string; digest: Sha256 }, hours: number): void => {
    expect(takeLayer(layer.dir, layer.digest, start + hours * HOUR)).toMatchObject({
      ok: true,
      value: expect.any(String) as unknown,
    })
    // By somebody who is gone by now.
    const uses = path.join(layer.dir, 'uses')
    for (const name of fs.readdirSync(uses)) fs.rmSync(path.join(uses, name))
  }

  test('goes two weeks after its last use', () => {
    const layer = put('one')
    use(layer, 100)
    expect(plan(14 * 24)).toEqual([])
    expect(plan(14 * 24 + 101)).toEqual([`layer prepared/aaaa/${layer.digest}: idle`])
    removeRooms(home, planRooms(seenAfter(14 * 24 + 101)))
    expect(fs.existsSync(at('prepared/aaaa'))).toBe(false)
  })

  test('goes with its repository', () => {
    const layer = put('one', path.join(repo, 'gone'))
    expect(plan(0)).toEqual([`layer prepared/aaaa/${layer.digest}: orphan`])
  })

  test('goes when all together are too large, the one used first before the others, and none that is used', () => {
    const [one, two, three] = [put('one'), put('two'), put('three', repo, 'bbbb')]
    use(one, 3)
    use(two, 1)
    use(three, 2)
    expect(plan(4, 250_000)).toEqual([`layer prepared/aaaa/${two.digest}: over`])
    takeLayer(two.dir, two.digest, start + HOUR)
    expect(plan(4, 250_000)).toEqual([`layer prepared/bbbb/${three.digest}: over`])
    expect(
      removeRooms(home, [{ what: 'layer', path: path.join(two.dir, two.digest), why: 'asked' }]),
    ).toEqual([])
    expect(fs.existsSync(path.join(two.dir, two.digest))).toBe(true)
  })

  test('that is half made goes with whoever made it', () => {
    put('one')
    const half = at('prepared/aaaa/making/1-12345-0123456789ab')
    fs.mkdirSync(path.join(half, 'layer'), { recursive: true })
    expect(plan(0)).toEqual(['layer prepared/aaaa/making/1-12345-0123456789ab: killed'])
    expect(removeRooms(home, planRooms(seenAfter(0)))).toHaveLength(1)
    expect(fs.existsSync(half)).toBe(false)
  })
})

describe('copies of ignored files', () => {
  const copied = sha256('copied')
  const put = (dir: string): void => {
    fs.mkdirSync(path.join(home, dir, `copied-${copied}`), { recursive: true })
  }

  test.each(['copied', 'kept'] as const)('go when their run is over, and not before (%s)', (as) => {
    const session = begin('run-1', copied, as)
    const { key } = sessionPaths(home, session)
    put(`sessions/${key}`)
    expect(plan(0)).toEqual([])
    expect(plan(100)).toEqual([])
    close(session, 1)
    expect(plan(3)).toEqual([`copies sessions/${key}/copied-${copied}: closed`])
  })

  test('stay while the release of their run may be taken back', () => {
    const session = begin('run-1', copied)
    put(`sessions/${sessionPaths(home, session).key}`)
    const write = (event: NewEvent): void => {
      const written = append(
        sessionPaths(home, session),
        () => start + HOUR,
        () => ok([event]),
      )
      if (!written.ok) throw new Error(written.error.message)
    }
    const provisional = { turnId: null, transcript: null, lookMs: 1 }
    write(stop({ outcome: { verdict: 'release' }, provisional }))
    expect(plan(3)).toEqual([])
    const look = { how: 'prompt', looked: 'unchanged', changes: null, why: null } as const
    write({ type: 'finalised', data: look })
    expect(plan(3)).toHaveLength(1)
  })

  test('do not stay in the archive, nor with a request that nobody claimed', () => {
    put('archived/sessions/s-1')
    put('requests')
    expect(plan(0)).toEqual([`copies archived/sessions/s-1/copied-${copied}: closed`])
    expect(plan(25)).toEqual([
      `copies archived/sessions/s-1/copied-${copied}: closed`,
      `copies requests/copied-${copied}: orphan`,
    ])
  })
})
