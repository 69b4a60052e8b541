import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { warmPlace } from '../../src/records/warm-room.ts'
import { mayBeWarm } from '../../src/workspace/room/warm-use.ts'
import { type RoomEngine, roomEngine } from './engine-lab.ts'
import { sampleOf } from '../rig/long.ts'

let engine: RoomEngine | undefined
afterEach(() => engine?.remove())

const files = {
  'src/a.txt': 'a\n',
  'src/b.txt': 'b\n',
  'settings.json': '{}',
  '.gitignore': 'out\ntarget\n',
}
/** Says whether it found what it made before, and which sources are younger than that; then makes it. */
const builds = `if test -e out/made; then echo found $(head -1 out/made); else echo cold; fi
  for one in src/*; do if test $one -nt out/made; then echo $one; fi; done
  mkdir -p out target; cat src/* > out/made; touch target/cache
  if test -e target/cache.before; then echo cache; fi; mv target/cache target/cache.before`

const command = (text: string): object => ({
  argv: ['sh', '-c', text],
  network: 'none',
  steps: false,
  keeps: ['out/**'],
})

async function start(text = builds): Promise<RoomEngine> {
  engine = await roomEngine([], files, { commands: { test: command(text) } })
  return engine
}

const said = async (): Promise<string> => {
  const [result] = await engine!.gates()
  return `${result?.outcome.kind}: ${result?.tail.trim().replaceAll('\n', ' ')}`
}

test('what a gate keeps on the start is there for later work, which is younger', async () => {
  await start()
  expect(await said()).toBe('passed: cold')
  expect(engine!.warm()).toMatchObject([{ inUse: false, argv: ['test'] }])
  engine!.write('src/a.txt', 'changed\n')
  // The agent's own times say nothing.
  fs.utimesSync(path.join(engine!.root, 'src/a.txt'), 1, 1)
  expect(await said()).toBe('passed: found a src/a.txt')
  // What a candidate makes is nobody else's.
  engine!.write('src/a.txt', 'again\n')
  expect(await said()).toBe('passed: found a src/a.txt')
  engine!.write('src/a.txt', 'a\n')
  expect(await said()).toBe('passed: found a')
  expect(engine!.warm()).toHaveLength(1)
})

describe('nothing is warm', () => {
  test('of gates that failed on the start, or of work', async () => {
    await start(`${builds}; grep -q fixed src/a.txt`)
    expect(await said()).toBe('failed: cold')
    engine!.write('src/a.txt', 'fixed\n')
    expect(await said()).toBe('passed: cold')
    expect(engine!.warm()).toEqual([])
    expect(fs.existsSync(warmPlace(engine!.home, engine!.root))).toBe(false)
  })

  test.each(
    sampleOf<readonly [string, string, (one: RoomEngine) => void]>(
      [
        ['a source is gone', 'cold', (one: RoomEngine) => fs.rmSync(path.join(one.root, 'src/b.txt'))],
        ['a setting differs', 'cold', (one: RoomEngine) => one.write('settings.json', '{"a":1}')],
        [
          'the work has something in its place',
          'found mine',
          (one: RoomEngine) => {
            one.write('.gitignore', 'target\n')
            one.write('out/made', 'mine\n')
          },
        ],
      ],
      3,
    ),
  )('where %s', async (_what, words, change) => {
    await start()
    await said()
    change(engine!)
    expect(await said()).toContain(words)
  })
})

describe('what may have a warm layer', () => {
  const at = (
    changes: readonly (readonly [string, 'added' | 'modified' | 'removed' | 'type' | 'mode'])[],
    warm: readonly string[] = ['packages/a/dist/x.js'],
  ): boolean => {
    const there = ['packages/a/src/x.ts', 'package.json', 'src/y.ts']
    const all = [...there, ...changes.flatMap(([file, kind]) => (kind === 'added' ? [file] : []))]
    return mayBeWarm(
      { changes: changes.map(([file, kind]) => ({ path: file, kind })), files: new Set(all) },
      warm,
    )
  }

  test.each([
    [[], true],
    [[['src/y.ts', 'modified']], true],
    [[['packages/a/src/new.ts', 'added']], true],
    [[['packages/a/new.ts', 'added']], true],
    [[['packages/b/new.ts', 'added']], true],
    [[['src/y.ts', 'removed']], false],
    [[['src/y.ts', 'type']], false],
    [[['src/y.ts', 'mode']], false],
    [[['package.json', 'modified']], false],
    [[['src/Makefile', 'added']], false],
    [[['packages/a/dist/x.js', 'added']], false],
    [[['packages/a/dist/new.js', 'added']], false],
    [[['packages/a/dist', 'added']], false],
    [[['packages/a/dist/x.js/y', 'added']], false],
  ] as const)('%j: %s', (changes, may) => {
    expect(at(changes)).toBe(may)
  })
})
