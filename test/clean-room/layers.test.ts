import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { doingWords } from '../../src/cli/render/doing.ts'
import { layerPlace, makingLock, pruneLayers } from '../../src/records/layer-store.ts'
import { bundle as ledgerProgram, start as startProgram } from '../ledger/world.ts'
import { preparedPlace } from '../../src/records/prepare-room.ts'
import { type RoomEngine, roomEngine } from './engine-lab.ts'
import { long } from '../rig/long.ts'

let engine: RoomEngine | undefined
afterEach(() => engine?.remove())

const files = { 'package.json': '{}', 'src/a.txt': 'a\n', '.gitignore': 'node_modules\nbuild\n' }
const passes = ['true']
const shell = (text: string): { readonly argv: readonly string[] } => ({ argv: ['sh', '-c', text] })

async function gateOf(text: string, config: Readonly<Record<string, unknown>>): Promise<string> {
  engine = await roomEngine(['sh', '-c', text], files, config)
  const [result] = await engine.gates()
  return `${result?.outcome.kind}: ${result?.tail ?? ''}`
}

describe('what a step of prepare wrote is there as it was written', () => {
  test('modes, empty directories, links, hard links; but nothing that runs as somebody else', async () => {
    const step = shell(
      'mkdir -p node_modules/.bin node_modules/empty && cd node_modules && echo x > a && ln a b && ln -s a c && chmod 4755 a && chmod 2770 empty',
    )
    const said = await gateOf(
      'set -e; cd node_modules; stat -c "%n %a %h" a empty; test a -ef b; readlink c; rmdir empty; echo whole',
      { prepare: [step] },
    )
    expect(said).toBe('passed: a 755 2\nempty 770 2\na\nwhole\n')
    // The one gate wrote to a layer of its own.
    const [layer] = engine!.layers()
    const place = layerPlace(preparedPlace(engine!.home, engine!.root), layer!.digest)
    expect(fs.existsSync(path.join(place, 'node_modules/empty'))).toBe(true)
    expect(layer).toMatchObject({ inUse: false, root: engine!.root, argv: step.argv })
    expect(layer!.bytes).toBeGreaterThan(0)
  })

  if (long)
    test('a later step covers an earlier one, and removes what that made', async () => {
      const said = await gateOf('cat build/one; test -e build/gone || echo gone', {
        prepare: [
          ['sh', '-c', 'mkdir build && echo 1 > build/one && touch build/gone'],
          ['sh', '-c', 'echo 2 > build/one && rm build/gone'],
        ],
      })
      expect(said).toBe('passed: 2\ngone\n')
      expect(engine!.layers()).toHaveLength(2)
    })
})

test('a step is not run again for a tree that is the same to it', async () => {
  engine = await roomEngine(['cat', 'build/when'], files, {
    prepare: [['sh', '-c', 'mkdir build && date +%N > build/when']],
  })
  const when = async (): Promise<string | undefined> => (await engine!.gates())[0]?.tail
  const first = await when()
  expect(await when()).toBe(first)
  engine.write('src/a.txt', 'b\n')
  expect(await when()).not.toBe(first)
  engine.write('src/a.txt', 'a\n')
  expect(await when()).toBe(first)
})

describe('a variable of the person', () => {
  const config = {
    prepare: [
      {
        argv: ['sh', '-c', 'mkdir build && echo "token $TOKEN" && printf %s "$TOKEN" | wc -c > build/length'],
        secrets: ['TOKEN'],
      },
    ],
  }
  const token = 'a-token-of-mine'

  test('reaches the step, and nothing of it stays', async () => {
    engine = await roomEngine(passes, files, config)
    expect((await engine.enter({ TOKEN: token })).kind).toBe('ready')
    const log = fs.readFileSync(engine.at('logs', '1-prepare_0_.log'), 'utf8')
    expect(log).toContain('token ***')
    const [layer] = engine.layers()
    const place = layerPlace(preparedPlace(engine.home, engine.root), layer!.digest)
    expect(fs.readFileSync(path.join(place, 'build/length'), 'utf8')).toBe(`${token.length}\n`)
    for (const file of fs.readdirSync(engine.home, { recursive: true, withFileTypes: true }))
      if (file.isFile())
        expect(fs.readFileSync(path.join(file.parentPath, file.name), 'latin1')).not.toContain(token)
    // Another one fetches the same.
    expect((await engine.enter({ TOKEN: 'another-token' })).kind).toBe('ready')
    expect(engine.layers()).toHaveLength(1)
  })

  if (long)
    test('is said to be missing', async () => {
      engine = await roomEngine(passes, files, config)
      const answer = await engine.enter()
      expect(answer).toMatchObject({ kind: 'unprepared', result: { outcome: { kind: 'could-not-run' } } })
      expect(JSON.stringify(answer)).toContain('the secret TOKEN is not in the environment')
      expect(engine.layers()).toEqual([])
    })
})

if (long)
  test('together the steps may write so many bytes', async () => {
    engine = await roomEngine(passes, files, {
      prepare: [
        ['sh', '-c', 'mkdir build && head -c 3000000 /dev/zero > build/one'],
        ['sh', '-c', 'head -c 3000000 /dev/zero > build/two'],
      ],
      limits: { layerBytes: 4_000_000 },
    })
    expect(await engine.enter()).toMatchObject({
      kind: 'unprepared',
      result: { name: 'prepare[1]', outcome: { kind: 'could-not-run' } },
    })
    expect(engine.layers()).toHaveLength(1)
  })

test('three layers of each step are kept, the oldest goes, and none that somebody uses', async () => {
  engine = await roomEngine(passes, files, { prepare: [['sh', '-c', 'mkdir build && cp src/a.txt build/a']] })
  const digests: string[] = []
  const held = [await engine.enter()]
  for (let nth = 1; nth <= 4; nth += 1) {
    engine.write('src/a.txt', `${nth}\n`)
    held.push(await engine.enter())
    digests.push(engine.layers()[0]!.digest)
  }
  // All are held, and none was let go.
  expect(engine.layers()).toHaveLength(5)
  for (const one of held) if (one.kind === 'ready') await one.room.runGates([])
  engine.write('src/a.txt', '5\n')
  await engine.gates()
  const left = engine.layers().map(({ digest }) => digest)
  expect(left).toHaveLength(3)
  expect(left).not.toContain(digests[0])
})

test('a longer wait for another session that makes the same is said, and ends with it', async () => {
  engine = await roomEngine(passes, files, { prepare: [shell('mkdir build && touch build/made')] })
  const first = await engine.enter()
  if (first.kind === 'ready') await first.room.runGates([])
  const all = preparedPlace(engine.home, engine.root)
  const [layer] = engine.layers()
  expect(pruneLayers(all, () => true)).toMatchObject({ ok: true, value: [{ digest: layer!.digest }] })
  const other = startProgram(ledgerProgram('hold'), [makingLock(all, layer!.digest)])
  expect(await other.line).toBe('held')
  const said = engine.waitsFor('other-session')
  const entering = engine.enter()
  // One that does not wait has an answer, and that is what the test shows then.
  expect(await Promise.race([said, entering])).toBeUndefined()
  expect(doingWords(engine.doings.slice(-1))).toBe(
    'waiting for another session that prepares the same: prepare[0] (1 of 1)',
  )
  // Whether it ends well or not.
  other.process.kill('SIGKILL')
  expect((await entering).kind).toBe('ready')
  expect(engine.layers()).toHaveLength(1)
})

if (long)
  test('one that waits for another session ends when its stop does', async () => {
    engine = await roomEngine(passes, files, { prepare: [shell('mkdir build && touch build/made')] })
    const first = await engine.enter()
    if (first.kind === 'ready') await first.room.runGates([])
    const all = preparedPlace(engine.home, engine.root)
    const [layer] = engine.layers()
    expect(pruneLayers(all, () => true)).toMatchObject({ ok: true, value: [{ digest: layer!.digest }] })
    const other = startProgram(ledgerProgram('hold'), [makingLock(all, layer!.digest)])
    await other.line
    const stop = new AbortController()
    const entering = engine.enter({}, stop.signal)
    stop.abort()
    expect(await entering).toMatchObject({ kind: 'refused', why: { code: 'lock-aborted' } })
    other.process.stdin?.end()
    await other.ended
  })
