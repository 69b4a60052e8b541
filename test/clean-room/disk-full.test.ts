import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { homePaths } from '../../src/ledger/paths.ts'
import { preparedPlace } from '../../src/records/prepare-room.ts'
import { type RoomEngine, roomEngine } from './engine-lab.ts'
import { sampleOf } from '../rig/long.ts'

let engine: RoomEngine | undefined
const mounted: string[] = []
afterEach(() => {
  for (const dir of mounted.splice(0)) spawnSync('umount', ['-l', dir])
  engine?.remove()
})

/** Puts a small disk below the home. False where this needs more rights. */
function smallDisk(dir: string, size: string): boolean {
  fs.mkdirSync(dir, { recursive: true })
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dir]).status !== 0) {
    process.stdout.write('no disk of its own can be mounted here: a full one is not tried\n')
    return false
  }
  mounted.push(dir)
  return true
}

const files = { 'src/a.txt': `${'a'.repeat(200_000)}\n`, '.gitignore': 'build\n' }
const fills = 'mkdir -p build; head -c 50000000 /dev/zero > build/large'

test('a room that does not fit is refused, and is whole once it does', async () => {
  engine = await roomEngine(['true'], files)
  const { rooms } = homePaths(engine.home)
  if (!smallDisk(rooms, '100k')) return
  expect(await engine.enter()).toMatchObject({ kind: 'refused', why: { code: 'room-disk' } })
  spawnSync('mount', ['-o', 'remount,size=50m', rooms])
  expect(await engine.gates()).toMatchObject([{ outcome: { kind: 'passed' } }])
})

test.each(sampleOf(['a step of prepare', 'a gate'], 2, 1))(
  '%s that finds the disk full says nothing of the work',
  async (what) => {
    const isGate = what === 'a gate'
    engine = await roomEngine(isGate ? ['sh', '-c', fills] : ['true'], files, {
      prepare: isGate ? [] : [['sh', '-c', fills]],
    })
    // What a step keeps is moved, so all of it is on one disk.
    if (!smallDisk(homePaths(engine.home).layers, '4m')) return
    const entered = await engine.enter()
    const result = isGate
      ? (await engine.gates())[0]
      : entered.kind === 'unprepared'
        ? entered.result
        : undefined
    expect(result).toMatchObject({
      outcome: { kind: 'could-not-run', why: expect.stringContaining('disk') as unknown },
    })
    const all = preparedPlace(engine.home, engine.root)
    expect(engine.layers()).toEqual([])
    if (fs.existsSync(path.join(all, 'making'))) expect(fs.readdirSync(path.join(all, 'making'))).toEqual([])
    expect(fs.readdirSync(homePaths(engine.home).layers)).toEqual([])
  },
)
