import fs from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { START_SECONDS } from '../../src/workspace/room/copy-one.ts'
import { RoomRig } from './room-rig.ts'
import { long, sampleOf } from '../rig/long.ts'

const rigs: RoomRig[] = []
afterAll(() => rigs.forEach((rig) => fs.rmSync(rig.dir, { recursive: true, force: true })))

function newRig(): RoomRig {
  const rig = new RoomRig()
  rigs.push(rig)
  return rig
}

/** A repository in which git stores something else than the workspace holds. Of files that are old its index is sure. */
async function filtered(age: 'old' | 'young'): Promise<RoomRig> {
  const rig = newRig()
  rig.git(['init', '-q', '-b', 'main'])
  for (const name of ['lfs', 'secret']) {
    rig.git(['config', `filter.${name}.clean`, 'rev'])
    rig.git(['config', `filter.${name}.smudge`, 'rev'])
  }
  rig.write('.gitattributes', '*.bin filter=lfs diff=lfs merge=lfs -text\n*.key filter=secret\n')
  rig.write('big.bin', 'abc\n').write('deep/big.bin', 'def\n').write('a.key', 'ghi\n').write('a.txt')
  if (age === 'old') for (const name of ['big.bin', 'deep/big.bin', 'a.key', 'a.txt']) rig.touch(name, 1e9)
  rig.commitAll()
  return rig.start()
}

describe.each(sampleOf(['old', 'young'] as const, 2))(
  'what git says in the room of %s files that a filter wrote',
  (age) => {
    test('is nothing while they are as at the start', async () => {
      const rig = await filtered(age)
      expect(rig.git(['cat-file', 'blob', 'HEAD:big.bin'])).toBe('cba\n')
      const room = await rig.write('a.txt', 'changed\n').enter()
      expect(rig.ask(room, ['status', '--porcelain'])).toBe(' M a.txt\n')
      expect(fs.readFileSync(path.join(room.dir, 'big.bin'), 'utf8')).toBe('abc\n')
    })

    test('is that they changed, once they did', async () => {
      const rig = await filtered(age)
      const room = await rig.write('deep/big.bin', 'dxf\n').write('a.key', 'gxi\n').enter()
      expect(rig.ask(room, ['status', '--porcelain'])).toBe(' M a.key\n M deep/big.bin\n')
    })

    test('is the same with any settings of a person that change how git looks', async () => {
      const rig = await filtered(age)
      const room = await rig.write('a.txt', 'changed\n').rm('deep/big.bin').enter()
      const settings = [
        [],
        ['core.preloadIndex=false'],
        ['core.untrackedCache=true'],
        ['core.splitIndex=true'],
        ['index.version=4'],
        ['feature.manyFiles=true'],
        ['core.trustctime=true', 'core.checkStat=default'],
        ['core.fileMode=false'],
        ['core.ignoreStat=true'],
      ].map((all) => all.flatMap((one) => ['-c', one]))
      for (const one of settings) {
        const say = (...args: string[]): string => rig.ask(room, [...one, ...args])
        expect(say('status', '--porcelain')).toBe(' M a.txt\n D deep/big.bin\n')
        expect(say('diff', '--name-only')).toBe('a.txt\ndeep/big.bin\n')
        expect(say('diff', '--name-only', 'HEAD')).toBe('a.txt\ndeep/big.bin\n')
        expect(say('diff-files', '--name-only')).toBe('a.txt\ndeep/big.bin\n')
        expect(say('diff', '--cached', '--name-only')).toBe('')
        expect(say('ls-files', '-m', '-d')).toBe('a.txt\ndeep/big.bin\ndeep/big.bin\n')
      }
      expect(rig.ask(room, ['fsck', '--strict'])).toBe('')
    })
  },
)

test('a file that a filter wrote is as at the start again', async () => {
  // Of an old one nobody read what it held.
  const rig = await filtered('young')
  await rig.write('deep/big.bin', 'dxf\n').write('a.key', 'gxi\n').enter()
  const back = await rig.write('deep/big.bin', 'def\n').write('b.txt').enter()
  expect(rig.ask(back, ['status', '--porcelain'])).toBe(' M a.key\n?? b.txt\n')
})

describe('every kind of file', () => {
  const hard = async (format: 'sha1' | 'sha256'): Promise<RoomRig> => {
    const rig = newRig()
    rig.git(['init', '-q', '-b', 'main', `--object-format=${format}`])
    rig
      .write('run.sh')
      .write('empty', '')
      .write(`${'long/'.repeat(40)}name`)
    fs.chmodSync(rig.path('run.sh'), 0o755)
    fs.symlinkSync('run.sh', rig.path('link'))
    fs.writeFileSync(Buffer.concat([Buffer.from(`${rig.root}/odd-`), Buffer.from([0xff])]), 'odd\n')
    for (let size = 1; size < 20; size += 1) rig.write('n'.repeat(size))
    rig.commitAll()
    return rig.start()
  }

  test.each(sampleOf(['sha1', 'sha256'] as const, 2))('is as at the start to git (%s)', async (format) => {
    const rig = await hard(format)
    const room = await rig.enter()
    const before = fs.readFileSync(path.join(room.dir, '.git/index'))
    expect(rig.ask(room, ['status', '--porcelain'])).toBe('')
    expect(rig.ask(room, ['ls-files', '--stage', '-z'])).toBe(rig.git(['ls-files', '--stage', '-z']))
    // Nothing was left for git to find out.
    rig.ask(room, ['update-index', '--refresh'])
    expect(fs.readFileSync(path.join(room.dir, '.git/index')).equals(before)).toBe(true)
  })

  if (long)
    test('what a sparse checkout left out is not gone', async () => {
      const rig = newRig().write('in/a').write('out/b').commitAll()
      rig.git(['sparse-checkout', 'set', 'in'])
      const room = await (await rig.start()).enter()
      expect(fs.existsSync(path.join(room.dir, 'out'))).toBe(false)
      expect(rig.git(['status', '--porcelain'])).toBe('')
      expect(rig.ask(room, ['status', '--porcelain'])).toBe('')
    })

  test('what was staged before the start differs from the commit, and nothing more once work undoes it', async () => {
    const rig = newRig()
    rig.write('a').write('b').write('.gitattributes', '*.bin filter=lfs\n').write('c.bin').commitAll()
    rig.write('a', 'staged\n').write('c.bin', 'staged\n').git(['add', '-A'])
    const room = await (await rig.start()).enter()
    expect(rig.ask(room, ['status', '--porcelain'])).toBe(' M a\n M c.bin\n')
    expect(rig.ask(await rig.write('a').enter(), ['status', '--porcelain'])).toBe(' M c.bin\n')
  })

  if (long)
    test('what was changed before the start differs from the commit in the room too', async () => {
      const rig = newRig()
      rig.write('a').write('b').commitAll()
      const room = await (await rig.write('a', 'dirty\n').start()).enter()
      expect(rig.ask(room, ['status', '--porcelain'])).toBe(' M a\n')
    })
})

test('what is as at the start is old, whatever the workspace says, and what differs is younger than anything made of it', async () => {
  const rig = newRig()
  rig.write('a').write('b').write('c').commitAll()
  await rig.write('c', 'dirty\n').start()
  const before = Date.now()
  const room = await rig
    .write('b', 'changed\n')
    .touch('b', 1)
    .touch('a', before / 1000 + 1000)
    .enter()
  const at = (file: string): number => fs.statSync(path.join(room.dir, file)).mtimeMs
  expect([at('a'), at('c')]).toEqual([START_SECONDS * 1000, START_SECONDS * 1000])
  expect(at('b')).toBeGreaterThanOrEqual(before - 100)
  await rig.write('b').enter()
  expect(at('b')).toBe(START_SECONDS * 1000)
})
