import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { cachesPlace } from '../../src/records/room-caches.ts'
import { type RoomEngine, roomEngine } from './engine-lab.ts'
import { long } from '../rig/long.ts'

let engine: RoomEngine | undefined
afterEach(() => engine?.remove())

const files = { 'package.json': '{}', 'src/a.txt': 'a\n', '.gitignore': 'out\n' }

/** Reads what is in a cache, then leaves something there. */
const uses = (cache: string): string =>
  `mkdir -p ~/${cache}; cat ~/${cache}/entry 2>/dev/null; echo $(cat src/a.txt) > ~/${cache}/entry`

async function start(gate: string, prepare: readonly object[] = []): Promise<RoomEngine> {
  engine = await roomEngine(['sh', '-c', gate], files, { prepare })
  for (const cache of ['.npm/_cacache', '.cache/go-build', '.cache/uv'])
    fs.mkdirSync(path.join(engine.dir, cache), { recursive: true })
  return engine
}

const own = (cache: string): string => path.join(engine!.dir, cache, 'entry')
const said = async (): Promise<string> => (await engine!.gates())[0]?.tail ?? ''

test('what gates with the work in them left in a cache is not in a room, and what work leaves there does not stay', async () => {
  await start(uses('.cache/go-build'))
  fs.writeFileSync(own('.cache/go-build'), 'believed\n')
  engine!.write('src/a.txt', 'work\n')
  expect(await said()).toBe('')
  expect(await said()).toBe('')
  // On the start it does.
  engine!.write('src/a.txt', 'a\n')
  expect(await said()).toBe('')
  engine!.write('src/a.txt', 'work\n')
  expect(await said()).toBe('a\n')
  expect(await said()).toBe('a\n')
  expect(fs.readFileSync(own('.cache/go-build'), 'utf8')).toBe('believed\n')
})

test('package caches of prepare are of the repository, and a package that the work brings in leaves nothing there', async () => {
  const step = (cache: string): object => ({
    argv: [
      'sh',
      '-c',
      `mkdir -p out; (${uses(cache)}) >> out/said; grep -q more package.json && echo work > ~/${cache}/entry; true`,
    ],
  })
  await start('cat out/said', [step('.npm/_cacache'), step('.cache/uv')])
  fs.writeFileSync(own('.cache/uv'), 'believed\n')
  fs.writeFileSync(own('.npm/_cacache'), 'believed\n')
  const atStart = await said()
  expect(atStart).not.toContain('believed')
  engine!.write('package.json', '{"more":1}')
  // The cache is what the start left.
  expect(await said()).toContain('a\na\n')
  engine!.write('package.json', '{"more":2}')
  expect(await said()).toContain('a\na\n')
  expect([own('.cache/uv'), own('.npm/_cacache')].map((file) => fs.readFileSync(file, 'utf8'))).toEqual([
    'believed\n',
    'believed\n',
  ])
  expect(fs.readdirSync(cachesPlace(engine!.home, engine!.root)).length).toBeGreaterThan(1)
})

if (long)
  test('pnpm finds its store in a home that has none yet', async () => {
    await start('cat out/said', [{ argv: ['pnpm', 'install'] }])
    const { activation } = engine!.state
    const tools = path.join(engine!.dir, 'tools')
    fs.mkdirSync(tools)
    const store = '.local/share/pnpm/store'
    const pnpm = `#!/bin/sh -e\nmkdir -p ~/${store}/v10 out; echo stored > ~/${store}/v10/entry; cp ~/${store}/v10/entry out/said\n`
    fs.writeFileSync(path.join(tools, 'pnpm'), pnpm, { mode: 0o755 })
    Object.assign(activation, { gatePath: `${tools}:${activation.gatePath}` })
    expect(await said()).toBe('stored\n')
    expect(fs.readdirSync(path.join(engine!.dir, store))).toEqual([])
  })
