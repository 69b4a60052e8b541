import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { enterRoom } from '../../src/workspace/room/room.ts'
import { type Rig, value, withRig } from '../evidence/rig.ts'

async function roomOf(rig: Rig, act: () => void): Promise<Record<string, string>> {
  const before = await rig.baseline()
  act()
  const look = {
    at: Date.now() + 5_000,
    comparison: await rig.compare(before),
    evidence: [],
    byGates: new Set<string>(),
  }
  const place = path.join(rig.dir, 'room')
  const entered = value(await enterRoom({ place, root: rig.root, baselines: [before], look }, rig.options))
  if (entered.kind !== 'ready') throw new Error(`moved: ${entered.paths.join(', ')}`)
  const { dir } = entered.room
  const names = fs.readdirSync(dir).filter((name) => name !== '.git')
  return Object.fromEntries(names.sort().map((name) => [name, fs.readFileSync(path.join(dir, name), 'utf8')]))
}

test('a room holds the start, whatever of it was staged, and what differs from it', async () => {
  await withRig(async (rig) => {
    for (const name of ['a', 'edited', 'staged', 'gone', 'back']) rig.write(name)
    rig.commitAll()
    rig.write('staged', 'staged\n').write('new').git(['add', 'staged', 'new'])
    rig.git(['rm', '-q', 'gone'])
    rig.write('beside').write('edited', 'before\n').rm('back')
    const room = await roomOf(rig, () => rig.write('back').write('a', 'work\n').write('later'))
    expect(room).toEqual({
      a: 'work\n',
      back: 'back\n',
      beside: 'beside\n',
      edited: 'before\n',
      later: 'later\n',
      new: 'new\n',
      staged: 'staged\n',
    })
  })
})

test('what an editor left at the start and took away is not missed', async () => {
  await withRig(async (rig) => {
    rig.write('a').commitAll().write('.a.swp')
    expect(await roomOf(rig, () => rig.rm('.a.swp').write('a~'))).toEqual({ a: 'a\n' })
  })
})
