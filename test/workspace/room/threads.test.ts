import fs from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { copyDefine } from '../../../scripts/inner-programs.js'
import { copyFiles } from '../../../src/workspace/room/copy-parts.ts'
import { START_SECONDS } from '../../../src/workspace/room/copy-one.ts'
import { enterRoom } from '../../../src/workspace/room/room.ts'
import type { Baseline } from '../../../src/evidence/types.ts'
import { Rig, withRig } from '../../evidence/rig.ts'
import { contentOf, enter, lookOf, sh, treeOf } from './rig.ts'
import { long } from '../../rig/long.ts'

const program = JSON.parse(copyDefine().COPY_PROGRAM) as string
const bundled = globalThis as { COPY_PROGRAM?: string }

/** Enough for two threads. */
const MANY = 2_000
const name = (nth: number): string => `src/d${nth % 20}/file-${nth}`

/** One workspace for all: files take their time. */
const rig = new Rig()
let baseline: Baseline
beforeAll(async () => {
  for (let nth = 0; nth < MANY; nth += 1) rig.write(name(nth))
  sh(
    rig,
    `mkdir odd; printf odd > "$(printf 'odd/\\377')"; echo run > odd/run; chmod +x odd/run; ln -s run odd/link`,
  )
  rig.commitAll()
  baseline = await rig.baseline()
})
afterAll(() => rig.remove())
beforeEach(() => {
  bundled.COPY_PROGRAM = program
})
afterEach(() => {
  delete bundled.COPY_PROGRAM
  fs.rmSync(place, { recursive: true, force: true })
})
const place = path.join(rig.dir, 'room')

test('a room that several threads fill holds the workspace, and git has nothing to find out; half of one is made anew', async () => {
  rig.write(name(7), 'changed\n').write('new/file')
  const tree = treeOf(rig)
  const holdsAll = (): void => {
    expect(contentOf(tree)).toEqual(contentOf(rig.root))
    for (const file of [name(0), name(MANY - 1), 'odd/run', 'odd/link'])
      expect([file, fs.lstatSync(path.join(tree, file)).mtimeMs]).toEqual([file, START_SECONDS * 1000])
    expect(sh(rig, 'git status --porcelain', tree)).toBe(sh(rig, 'git status --porcelain'))
    const index = fs.readFileSync(path.join(tree, '.git/index'))
    sh(rig, 'git update-index -q --refresh || true', tree)
    expect(fs.readFileSync(path.join(tree, '.git/index')).equals(index)).toBe(true)
  }
  expect(await enter(rig, baseline)).not.toBeNull()
  holdsAll()
  // As a hook that was killed leaves it.
  sh(rig, 'rm room.json; rm -r tree/src/d1 tree/.git/index; echo half > tree/src/d2/file-2', place)
  expect(await enter(rig, baseline)).not.toBeNull()
  holdsAll()
  sh(rig, 'git checkout -q .; rm -r new')
})

test('threads are started for many files only, and a room whose thread breaks off is none', async () => {
  bundled.COPY_PROGRAM = 'process.exit(3)'
  const look = await lookOf(rig, baseline)
  const made = await enterRoom({ place, root: rig.root, baselines: [baseline], look }, rig.options)
  expect(made).toMatchObject({ ok: false, error: { code: 'room-disk' } })
  expect(fs.existsSync(treeOf(rig))).toBe(false)
  await withRig(async (small) => {
    small.write('a').commitAll()
    expect(await enter(small, await small.baseline())).not.toBeNull()
  })
})

test('what changed since the look is seen by each thread', async () => {
  const changed = [name(0), name(MANY - 1)]
  const look = await lookOf(rig, baseline)
  // As if the clock had moved on by more than it lags behind.
  const at = Date.now() + 21
  while (Date.now() < at + 21) fs.statSync(rig.root)
  for (const file of changed) rig.write(file, 'meanwhile\n')
  const entering = { place, root: rig.root, baselines: [baseline], look: { ...look, at } }
  const entered = await enterRoom(entering, rig.options)
  expect(entered).toEqual({ ok: true, value: { kind: 'moved', paths: expect.arrayContaining(changed) } })
  sh(rig, 'git checkout -q .')
})

test('what the system says to a thread is said to who waits', async () => {
  const to = path.join(rig.dir, 'room')
  const files = Array.from({ length: MANY }, (_, nth) => name(nth))
  const last = name(MANY - 1)
  fs.mkdirSync(path.dirname(path.join(to, last)), { recursive: true })
  fs.writeFileSync(path.join(to, last), 'in the way\n')
  const copying = { from: rig.root, to, before: Infinity }
  const known = { isOfStart: () => true, wasThere: () => true }
  await expect(copyFiles(copying, known, files)).rejects.toMatchObject({ code: 'EEXIST', errno: -17 })
  expect(fs.readFileSync(path.join(to, last), 'utf8')).toBe('in the way\n')
})

if (long)
  test('objects in a file each are linked only where the pack of the room lacks them', async () => {
    await withRig(async (loose) => {
      loose.write('a').commitAll().write('a', 'second\n').commitAll()
      expect(await enter(loose, await loose.baseline())).not.toBeNull()
      const linked = sh(loose, 'ls -d .git/history/??/* | wc -l', treeOf(loose)).trim()
      // The first commit, its tree and its file.
      expect(linked).toBe('3')
      expect(sh(loose, 'git show HEAD~1:a; git fsck --strict', treeOf(loose))).toBe('a\n')
    })
  })
