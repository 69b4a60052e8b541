import fs from 'node:fs'
import { deflateSync, inflateSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { captureBaseline } from '../../src/evidence/baseline.ts'
import { compareWith } from '../../src/evidence/compare.ts'
import { type Rig, changes, value, withRig } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

/** What an agent that can write `.git` puts there so that its edits look like the start. Each makes plain git call the tree clean. */
const forgeries: Record<string, (rig: Rig) => void> = {
  "a tree of the start's commit, rewritten under its own name": (rig) => {
    const old = blobOf(rig, 'HEAD:src/a.txt')
    const tree = objectFile(rig, rig.git(['rev-parse', 'HEAD:src']).trim())
    rig.git(['add', '-A'])
    const now = blobOf(rig, ':src/a.txt')
    const bytes = inflateSync(fs.readFileSync(tree))
    fs.chmodSync(tree, 0o644)
    fs.writeFileSync(tree, deflateSync(exchanged(bytes, old, now)))
  },
  'the index, with the blob of the start beside the stat of the edit': (rig) => {
    const old = blobOf(rig, 'HEAD:src/a.txt')
    rig.git(['add', '-A'])
    const now = blobOf(rig, ':src/a.txt')
    // Old enough for git to believe a stat: what is as young as the index is read again.
    const index = rig.path('.git/index')
    fs.writeFileSync(index, exchanged(fs.readFileSync(index), now, old))
    const later = new Date(Date.now() + 60_000)
    fs.utimesSync(index, later, later)
  },
  'skip-worktree': (rig) => void rig.git(['update-index', '--skip-worktree', 'src/a.txt']),
  'assume-unchanged': (rig) => void rig.git(['update-index', '--assume-unchanged', 'src/a.txt']),
  'a commit of the edit': (rig) => void rig.commitAll(),
}

function blobOf(rig: Rig, name: string): string {
  return rig.git(['rev-parse', name]).trim()
}

function objectFile(rig: Rig, oid: string): string {
  return rig.path(`.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`)
}

function exchanged(bytes: Buffer, from: string, to: string): Buffer {
  const at = bytes.indexOf(Buffer.from(from, 'hex'))
  expect(at).toBeGreaterThan(0)
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(to, 'hex'), bytes.subarray(at + to.length / 2)])
}

test.each(Object.entries(forgeries))('an edit is seen behind %s', async (_name, forge) => {
  await withRig(async (rig) => {
    rig.write('src/a.txt').write('b.txt').commitAll()
    const before = await rig.baseline()
    rig.write('src/a.txt', 'edit it.\n')
    forge(rig)
    expect(rig.git(['status', '--porcelain'])).toBe('')
    expect(changes(await rig.compare(before))).toEqual(['modified src/a.txt'])
  })
})

test.each(sampleOf(Object.entries(forgeries), 3))(
  'work that was undone is none, whatever %s says',
  async (_name, forge) => {
    await withRig(async (rig) => {
      rig.write('src/a.txt').write('b.txt').commitAll()
      const before = await rig.baseline()
      rig.write('src/a.txt', 'edit it.\n')
      forge(rig)
      rig.write('src/a.txt')
      expect(changes(await rig.compare(before))).toEqual([])
    })
  },
)

/** What makes git itself fail. Nothing of it is needed to tell what differs. */
const broken: Record<string, (rig: Rig) => void> = {
  'an index that is not one': (rig) => fs.writeFileSync(rig.path('.git/index'), 'DIRC and no more'),
  'a HEAD that is not one': (rig) => fs.writeFileSync(rig.path('.git/HEAD'), 'nonsense'),
  'every object gone': (rig) => {
    for (const name of fs.readdirSync(rig.path('.git/objects')))
      fs.rmSync(rig.path(`.git/objects/${name}`), { recursive: true })
  },
}

test.each(Object.entries(broken))('%s hides nothing and holds nobody', async (_name, breakIt) => {
  await withRig(async (rig) => {
    rig.write('a.txt').write('b.txt').commitAll()
    const before = await rig.baseline()
    breakIt(rig)
    expect(changes(await rig.compare(before))).toEqual([])
    rig.write('a.txt', 'edit.\n').rm('b.txt').write('c.txt')
    expect(changes(await rig.compare(before))).toEqual(['modified a.txt', 'removed b.txt', 'added c.txt'])
  })
})

test('a repository made in the root, below the top of the old one, is not asked', async () => {
  await withRig(async (rig) => {
    rig.write('packages/a/a.txt').write('packages/b/b.txt').commitAll()
    const root = rig.path('packages/a')
    const before = value(await captureBaseline(root, [], rig.options))
    rig.write('packages/a/a.txt', 'edit.\n')
    rig.git(['init', '-q'], 'packages/a')
    rig.commitAll('packages/a')
    expect(await compareWith(root, [before], [], rig.options)).toMatchObject({
      ok: true,
      value: { changes: [{ path: 'a.txt', kind: 'modified' }] },
    })
  })
})
