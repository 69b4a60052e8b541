import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openRun } from '../../src/ledger/state.ts'
import { readSession } from '../../src/ledger/store.ts'
import { type CallOptions, type Called, type World, arm, gateScript, makeWorld } from './world.ts'
import { figure, long, sampleOf } from '../rig/long.ts'

let world: World
beforeEach(() => {
  world = makeWorld({ preload: path.join(import.meta.dirname, 'children', 'clock.cjs') })
})
afterEach(() => world.remove())

const open = (): boolean => {
  const session = readSession(world.home, world.session)
  return !session.ok || openRun(session.value.state) !== undefined
}
/** Only root may mount, and not in every container; elsewhere the limit on file sizes and the modes of files stand for it. */
const whereMountable = canMount() ? test : test.failing

function canMount(): boolean {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'mount-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', dir]).status === 0
  if (mounted) spawnSync('umount', [dir])
  fs.rmdirSync(dir)
  return mounted
}

/** Held, in words; and the run is open still. */
function expectHeld(stop: Called, where: string): void {
  const kind = stop.kind === 'block' || stop.kind === 'end' ? 'held' : stop.stdout
  expect([where, stop.code, kind]).toEqual([where, 0, 'held'])
  expect([where, open()]).toEqual([where, true])
}

/** A stop whose record is longer than what is left in the last block of the ledger. */
async function armWithLongOutput(): Promise<void> {
  world.write('check.sh', `i=0; while [ $i -lt 900 ]; do echo "line $i"; i=$((i+1)); done; ${gateScript}`)
  await arm(world)
  world.write('src/work.txt', 'wrong')
}

describe('a disk that is full', () => {
  const where = (): string => path.join(world.dir, 'disk')
  /** The whole home on a disk of its own, as big as what is in it and this much more. */
  function onDisk(kilobytes: number): boolean {
    const used = execFileSync('du', ['-sk', world.home], { encoding: 'utf8' }).split('\t')[0]
    fs.mkdirSync(where())
    const size = `size=${Number(used) + 40 + kilobytes}k`
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', where()]).status !== 0) return false
    fs.cpSync(world.home, path.join(where(), 'home'), { recursive: true, verbatimSymlinks: true })
    fs.rmSync(world.home, { recursive: true })
    fs.mkdirSync(world.home)
    execFileSync('mount', ['--bind', path.join(where(), 'home'), world.home])
    return true
  }
  const fill = (): void => {
    const fd = fs.openSync(path.join(where(), 'filler'), 'w')
    try {
      for (;;) fs.writeSync(fd, Buffer.alloc(4096, 1))
    } catch {
      // Full now.
    } finally {
      fs.closeSync(fd)
    }
  }
  const free = (): void => fs.rmSync(path.join(where(), 'filler'))
  afterEach(() => {
    spawnSync('umount', [world.home])
    spawnSync('umount', [where()])
  })

  whereMountable(
    'holds who has a run, lets everybody else go, and all goes on when there is room again',
    async () => {
      // Room for the compiled program that each event leaves behind, before the disk is filled.
      expect(onDisk(4_000)).toBe(true)
      await armWithLongOutput()
      fill()
      const stop = await world.call('stop')
      expectHeld(stop, 'full')
      expect(stop.text).toMatch(/no space left on device/)
      // A session without a run, although a request of somebody waits (which starts node for everybody).
      fs.writeFileSync(path.join(world.all.armed, `pending-${'0'.repeat(64)}`), '')
      const other = await world.call('stop', { session: '0199ffff-bbbb-7ccc-8ddd-eeeeeeeeeeee' })
      expect(other).toMatchObject({ kind: 'nothing', code: 0 })
      const arming = await world.call('user-prompt-submit', {
        session: '0199ffff-bbbb-7ccc-8ddd-eeeeeeeeeeee',
        more: { prompt: '$autonomous-loop Do it' },
      })
      expect(arming.text).toMatch(/NOT armed|not hold|no space/)
      free()
      world.write('src/work.txt', 'right')
      expect((await world.call('stop')).text).toContain('released')
    },
  )
})

describe('a limit on file sizes', () => {
  test('is met in the middle of a write: held, and all goes on afterwards', async () => {
    await armWithLongOutput()
    const wrapper = ['/bin/bash', '-c', 'ulimit -f 4; exec "$@"', 'sh']
    const stop = await world.call('stop', { wrapper })
    expectHeld(stop, 'limit')
    expect(stop.text).toContain('file too large')
    world.write('src/work.txt', 'right')
    expect((await world.call('stop')).text).toContain('released')
  })
})

test('file descriptors run out at any number: held or judged, never let go', async () => {
  await arm(world)
  world.write('src/work.txt', 'wrong')
  // With fewer than twelve dash cannot even open the script that it is to run.
  const limits = Array.from({ length: long ? 60 : 5 }, (_, index) => 12 + index * (long ? 1 : 10))
  const kinds: Record<string, number> = {}
  const restore = world.snapshot()
  for (const limit of limits) {
    restore()
    const stop = await world.call('stop', {
      wrapper: ['/bin/bash', '-c', `ulimit -n ${limit}; exec "$@"`, 'sh'],
    })
    // Where not even a directory can be listed, the shim cannot know whose stop this is, and says so.
    if (!stop.text.includes('could not see')) expectHeld(stop, `ulimit -n ${limit}`)
    expect([limit, stop.code, open()]).toEqual([limit, 0, true])
    kinds[stop.kind] = (kinds[stop.kind] ?? 0) + 1
  }
  figure('file descriptors', { limits: limits.length, kinds })
  world.write('src/work.txt', 'right')
  expect((await world.call('stop')).text).toContain('released')
})

describe('memory', () => {
  test('that runs out in node holds the session', async () => {
    await arm(world)
    const wrapper = ['/bin/bash', '-c', 'ulimit -v 600000; exec "$@"', 'sh']
    expectHeld(await world.call('stop', { wrapper }), 'memory')
  })
})

describe('what may not be read or written', () => {
  const nobody = 65_534
  /** Root may do everything: the hook runs as somebody else, who owns the home unless a case says otherwise. */
  async function asNobody(event: 'stop' | 'session-start', options: CallOptions = {}): Promise<Called> {
    execFileSync('chown', ['-R', `${nobody}`, world.dir])
    fs.chmodSync(path.dirname(world.dir), fs.statSync(path.dirname(world.dir)).mode)
    return world.call(event, { ...options, uid: nobody })
  }
  // Below a person's home that is closed to others nobody else can get anywhere.
  const reachable = process.getuid?.() === 0
  const cases: readonly [string, () => string[]][] = [
    ['the markers', () => [world.all.armed]],
    ['the sessions', () => [world.all.sessions]],
    ['this session', () => [world.paths.dir]],
    ['the ledger', () => [world.paths.ledger]],
    ['the marker', () => [world.paths.marker]],
    ['the bundle', () => [path.join(world.home, 'bin/9.9.9/hook.cjs')]],
    ['the repository', () => [world.repo]],
    ['git itself', () => [path.join(world.repo, '.git')]],
  ]
  test.each(sampleOf(cases, 3))('%s: no silent release', async (name, targets) => {
    await arm(world)
    world.write('src/work.txt', 'right')
    execFileSync('chown', ['-R', `${nobody}`, world.dir])
    for (const target of targets()) fs.chmodSync(target, 0o000)
    const parent = path.dirname(world.dir)
    const mode = fs.statSync(parent).mode & 0o7777
    if (reachable) fs.chmodSync(parent, mode | 0o011)
    try {
      const stop = await asNobody('stop', { cwd: '/' })
      const said = stop.kind === 'message' && stop.text.includes('could not see')
      if (!said) expectHeld(stop, name)
      expect([name, stop.code, open()]).toEqual([name, 0, true])
    } finally {
      if (reachable) fs.chmodSync(parent, mode)
      for (const target of targets()) fs.chmodSync(target, 0o700)
    }
  })

  whereMountable(
    'a home that is read-only: held, told why, and no session without a run is disturbed',
    async () => {
      await arm(world)
      world.write('src/work.txt', 'right')
      fs.writeFileSync(path.join(world.all.armed, `pending-${'0'.repeat(64)}`), '')
      if (spawnSync('mount', ['--bind', '-o', 'ro', world.home, world.home]).status !== 0)
        throw new Error('mounting needs root')
      spawnSync('mount', ['-o', 'remount,bind,ro', world.home])
      try {
        const stop = await world.call('stop')
        expectHeld(stop, 'read-only')
        expect(stop.text).toContain('read-only file system')
        const other = await world.call('stop', { session: '0199ffff-bbbb-7ccc-8ddd-eeeeeeeeeeee' })
        expect(other).toMatchObject({ kind: 'nothing', code: 0 })
      } finally {
        spawnSync('umount', [world.home])
      }
      expect((await world.call('stop')).text).toContain('released')
    },
  )
})

describe('a clock that jumps', () => {
  const day = 86_400_000
  const at = (ms: number): CallOptions => ({ env: { AUTOLOOP_TEST_CLOCK: String(ms) } })
  const jumps: readonly [string, readonly number[]][] = [
    ['a day ahead', [0, day, 2 * day]],
    ['a day back', [0, -day, -2 * day]],
    ['ahead and back', [0, day, -day]],
    ['to the beginning of time', [0, -Date.now(), 0]],
  ]
  test.each(sampleOf(jumps, 4, 2))(
    '%s between the stops: the same verdicts',
    async (_name, [first = 0, second = 0, third = 0]) => {
      await world.call('session-start', at(first))
      await arm(world)
      expect(await world.call('stop', at(first))).toMatchObject({ kind: 'block' })
      world.write('src/work.txt', 'wrong')
      const wrong = await world.call('stop', at(second))
      expect(wrong).toMatchObject({ kind: 'block' })
      expect(wrong.text).toContain('CHECK')
      world.write('src/work.txt', 'right')
      expect((await world.call('stop', at(third))).text).toContain('released')
      const session = readSession(world.home, world.session)
      expect(session).toMatchObject({ ok: true, value: { findings: [], torn: false } })
    },
  )

  test.each(sampleOf([day, -day], 2))('by %d ms in the middle of a gate: judged as ever', async (jump) => {
    const flag = path.join(world.dir, 'jumped')
    world.write('check.sh', `touch '${flag}'; sleep 2; ${gateScript}`)
    world.approve(JSON.parse(fs.readFileSync(path.join(world.repo, '.codex/autoloop.project.json'), 'utf8')))
    await arm(world)
    world.write('src/work.txt', 'right')
    const stop = await world.call('stop', {
      env: { AUTOLOOP_TEST_CLOCK: String(jump), AUTOLOOP_TEST_CLOCK_FROM: flag },
    })
    expect(stop.text).toContain('released')
  })
})
