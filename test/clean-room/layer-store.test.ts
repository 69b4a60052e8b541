import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import {
  aboutLayer,
  keepLayer,
  layerPlace,
  layersIn,
  letGo,
  pruneLayers,
  takeLayer,
} from '../../src/records/layer-store.ts'
import { bundle as bundleOf } from '../gates/rig.ts'
import { type Child, start, tempDir } from '../ledger/world.ts'

const digest = sha256('layer')
const maker = (): string =>
  bundleOf({ dir: tempDir() } as Parameters<typeof bundleOf>[0], 'test/clean-room/children/make-layer.ts')

function put(dir: string, name: string, at = Date.now()): string {
  const written = path.join(dir, `written-${name}`)
  fs.mkdirSync(written)
  fs.writeFileSync(path.join(written, 'a'), name)
  keepLayer(dir, sha256(name), written, { at, root: '/repo', argv: ['make', name] })
  return sha256(name)
}

test('of sessions that want the same at once, one makes it and all have it', async () => {
  const [program, dir, made] = [maker(), tempDir(), tempDir()]
  const all = Array.from({ length: 4 }, () => start(program, [dir, 'layer', '200', made]))
  await Promise.all(all.map(async (one) => one.line))
  for (const one of all) one.process.stdin?.end()
  const ended = await Promise.all(all.map(async (one) => one.ended))
  expect(ended.map(({ err }) => err)).toEqual(['', '', '', ''])
  expect(ended.map(({ out }) => out).sort()).toEqual(['making\nmade\n', 'there\n', 'there\n', 'there\n'])
  expect(fs.readdirSync(made)).toHaveLength(1)
  expect(fs.readdirSync(layerPlace(dir, digest))).toHaveLength(200)
})

test('what a session uses stays, until it is killed', async () => {
  const [program, dir] = [maker(), tempDir()]
  const child = start(program, [dir, 'layer', '3', tempDir()])
  await told(child, 'made')
  const over = (): readonly string[] => {
    const gone = pruneLayers(dir, () => true)
    return gone.ok ? gone.value.map((one) => one.digest) : [gone.error.message]
  }
  expect(layersIn(dir)).toMatchObject([{ digest, inUse: true, root: '/repo', argv: ['make'] }])
  expect(over()).toEqual([])
  child.process.kill('SIGKILL')
  await child.ended
  expect(layersIn(dir)).toMatchObject([{ digest, inUse: false }])
  expect(over()).toEqual([digest])
  expect(fs.readdirSync(dir).filter((name) => !/^(?:lock|locks|uses|making)$/.test(name))).toEqual([])
  expect(fs.readdirSync(path.join(dir, 'making'))).toEqual([])
})

test('one that is killed while it makes a layer leaves none that is half there', async () => {
  const [program, dir, made] = [maker(), tempDir(), tempDir()]
  for (let round = 0; round < 6; round += 1) {
    const child = start(program, [dir, 'layer', '2000', made])
    await told(child, 'making')
    // Nobody chose the moment.
    await new Promise((resolve) => setImmediate(resolve))
    child.process.kill('SIGKILL')
    await child.ended
    const there = takeLayer(dir, digest, Date.now())
    expect(there.ok).toBe(true)
    if (there.ok && there.value) {
      expect(fs.readdirSync(layerPlace(dir, digest))).toHaveLength(2000)
      letGo([there.value])
      pruneLayers(dir, () => true)
    }
  }
  const last = start(program, [dir, 'layer', '2000', made])
  last.process.stdin?.end()
  expect((await last.ended).out).toBe('making\nmade\n')
  expect(fs.readdirSync(layerPlace(dir, digest))).toHaveLength(2000)
})

test('a layer without its record was not made whole, and one from just before the machine started may not be', () => {
  const dir = tempDir()
  put(dir, 'one')
  fs.rmSync(path.join(dir, `${sha256('one')}.json`))
  expect(takeLayer(dir, sha256('one'), Date.now())).toEqual({ ok: true, value: null })
  expect(fs.existsSync(layerPlace(dir, sha256('one')))).toBe(false)

  const booted = Date.now() - os.uptime() * 1000
  put(dir, 'two', booted - 30_000)
  put(dir, 'three', booted - 3_600_000)
  expect(takeLayer(dir, sha256('two'), Date.now())).toEqual({ ok: true, value: null })
  expect(takeLayer(dir, sha256('three'), Date.now())).toMatchObject({
    ok: true,
    value: expect.any(String) as unknown,
  })
})

test('what is not the newest goes, and what was used last is the newest', () => {
  const dir = tempDir()
  for (const [nth, name] of ['one', 'two', 'three'].entries()) {
    put(dir, name)
    expect(takeLayer(dir, sha256(name), 1000 * (nth + 1)).ok).toBe(true)
  }
  takeLayer(dir, sha256('one'), 10_000)
  for (const use of fs.readdirSync(path.join(dir, 'uses'))) letGo([path.join(dir, 'uses', use)])
  pruneLayers(dir, (_layer, nth) => nth >= 2)
  expect(layersIn(dir).map(({ argv }) => argv[1])).toEqual(['one', 'three'])
  expect(aboutLayer(dir, sha256('two'))).toBeNull()
})

test('a step that wrote nothing makes a layer too', () => {
  const dir = tempDir()
  keepLayer(dir, digest, undefined, { at: Date.now(), root: '/repo', argv: ['true'] })
  expect(fs.readdirSync(layerPlace(dir, digest))).toEqual([])
  expect(takeLayer(dir, digest, Date.now())).toMatchObject({ ok: true, value: expect.any(String) as unknown })
})

/** Resolves once a child has printed this line. */
async function told(child: Child, line: string): Promise<void> {
  await child.line
  let said = (await child.line) + '\n'
  if (said.startsWith(line)) return
  await new Promise<void>((resolve) => {
    child.process.stdout?.on('data', (data: Buffer) => {
      said += data.toString()
      if (said.includes(`${line}\n`)) resolve()
    })
    child.process.on('close', () => resolve())
  })
}
