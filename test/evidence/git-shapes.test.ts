import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { commitBaseline } from '../../src/evidence/baseline.ts'
import { freezeReport } from '../../src/evidence/git/freeze.ts'
import type { GitBaseline } from '../../src/evidence/types.ts'
import { gitHead } from '../../src/evidence/repo-root.ts'
import { type Rig, changes, value, withRig } from './rig.ts'
import { compareWith } from '../../src/evidence/compare.ts'
import { captureBaseline } from '../../src/evidence/baseline.ts'
import { sampleOf } from '../rig/long.ts'

/** Repositories of unusual make; each must see one edit and one new file and know its HEAD. */
const shapes: Record<string, { make: (rig: Rig) => string; head?: null }> = {
  'one branch': { make: (rig) => (rig.write('a.txt').commitAll(), '.') },
  'no commits, nothing staged': { make: (rig) => (rig.write('a.txt').git(['init', '-q']), '.'), head: null },
  'no commits, staged': {
    make: (rig) => {
      rig.write('a.txt').git(['init', '-q'])
      rig.git(['add', '-A'])
      return '.'
    },
    head: null,
  },
  'detached HEAD': {
    make: (rig) => (rig.write('a.txt').commitAll().git(['checkout', '-q', '--detach']), '.'),
  },
  'packed refs': { make: (rig) => (rig.write('a.txt').commitAll().git(['pack-refs', '--all']), '.') },
  'packed objects': { make: (rig) => (rig.write('a.txt').commitAll().git(['gc', '-q']), '.') },
  'linked worktree': {
    make: (rig) => (
      rig.write('main/a.txt').commitAll('main').git(['worktree', 'add', '-q', '../linked'], 'main'),
      'linked'
    ),
  },
  'gitfile of a separate git directory': {
    make: (rig) => {
      fs.mkdirSync(rig.path('tree'))
      rig.git(['init', '-q', `--separate-git-dir=${rig.dir}/far`], 'tree')
      rig.write('tree/a.txt').commitAll('tree')
      return 'tree'
    },
  },
  'SHA-256 objects': {
    make: (rig) => {
      rig.git(['init', '-q', '--object-format=sha256'])
      return (rig.write('a.txt').commitAll(), '.')
    },
  },
  'shared objects of another clone': {
    make: (rig) => (
      rig.write('main/a.txt').commitAll('main').git(['clone', '-q', '--shared', 'main', 'copy']),
      'copy'
    ),
  },
  'shallow clone': {
    make: (rig) => {
      rig.write('main/a.txt').commitAll('main').commitAll('main')
      rig.git(['clone', '-q', '--depth=1', `file://${rig.path('main')}`, 'copy'])
      return 'copy'
    },
  },
  'split index': {
    make: (rig) => {
      rig.write('a.txt').commitAll().git(['update-index', '--split-index'])
      rig.write('b.txt').commitAll()
      return '.'
    },
  },
  'index version 4': {
    make: (rig) => (rig.write('a.txt').commitAll().git(['update-index', '--index-version=4']), '.'),
  },
  'commit graph and multi-pack index': {
    make: (rig) => {
      rig.write('a.txt').commitAll().git(['gc', '-q'])
      rig.git(['commit-graph', 'write', '--reachable'])
      rig.git(['multi-pack-index', 'write'])
      return '.'
    },
  },
  'a directory of a larger repository': {
    make: (rig) => (rig.write('packages/a/a.txt').write('packages/b/b.txt').commitAll(), 'packages/a'),
  },
  'a name with a space and an umlaut': {
    make: (rig) => (rig.write('über all/a.txt').commitAll('über all'), 'über all'),
  },
}

describe('repositories of every make', () => {
  test.each(sampleOf(Object.entries(shapes), 3))('%s', async (_name, { make, head }) => {
    await withRig(async (rig) => {
      const root = rig.path(make(rig))
      const before = value(await captureBaseline(root, [], rig.options))
      expect(before.kind).toBe('git')
      fs.writeFileSync(path.join(root, 'a.txt'), 'other\n')
      fs.writeFileSync(path.join(root, 'new.txt'), 'new\n')
      const after = value(await compareWith(root, [before], [], rig.options))
      expect(changes(after)).toEqual(['modified a.txt', 'added new.txt'])
      const known = await gitHead(root, rig.options)
      expect(known).toBe(
        head === null ? null : rig.git(['rev-parse', 'HEAD'], path.relative(rig.root, root)).trim(),
      )
    })
  })

  test('an index that another process has locked is read and never written', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      fs.writeFileSync(rig.path('.git/index.lock'), '')
      const index = fs.statSync(rig.path('.git/index'))
      const listing = () => fs.readdirSync(rig.path('.git'), { recursive: true }).map(String).sort()
      const tree = listing()
      expect(await rig.changesAfter(() => rig.write('a.txt', 'other\n'))).toEqual(['modified a.txt'])
      expect(fs.statSync(rig.path('.git/index'))).toMatchObject({ ino: index.ino, mtimeMs: index.mtimeMs })
      expect(listing()).toEqual(tree)
    })
  })

  test('a .git that cannot be written is enough', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      rig.git(['status'])
      const before = fs.statSync(rig.path('.git')).mtimeMs
      await rig.changesAfter(() => rig.write('a.txt', 'other\n'))
      expect(fs.statSync(rig.path('.git')).mtimeMs).toBe(before)
    })
  })

  test('a repository of another owner is read (its configuration is not, so its owner does not matter)', async () => {
    if (process.getuid?.() !== 0) return
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      for (const name of ['.', '.git']) fs.chownSync(rig.path(name), 12345, 12345)
      expect(() => rig.git(['status'])).toThrow(/dubious ownership/)
      expect(await rig.changesAfter(() => rig.write('a.txt', 'other\n'))).toEqual(['modified a.txt'])
    })
  })

  test('a root that the repository around it ignores is a directory of its own', async () => {
    await withRig(async (rig) => {
      rig.write('.gitignore', '*\n').write('project/a.txt').git(['init', '-q'])
      const before = value(await captureBaseline(rig.path('project'), [], rig.options))
      expect(before.kind).toBe('plain')
      rig.write('project/a.txt', 'other\n')
      const after = value(await compareWith(rig.path('project'), [before], [], rig.options))
      expect(changes(after)).toEqual(['modified a.txt'])
    })
  })
})

describe('sparse checkout', () => {
  test('what is left out is no removal, what is there is seen, what is brought in is no change', async () => {
    await withRig(async (rig) => {
      rig.write('in/a.txt').write('out/b.txt').write('top.txt').commitAll()
      rig.git(['sparse-checkout', 'set', 'in'])
      expect(fs.existsSync(rig.path('out/b.txt'))).toBe(false)
      const before = await rig.baseline()
      expect(changes(await rig.compare(before))).toEqual([])
      const reported = (await rig.reported()) as GitBaseline
      const head = commitBaseline(rig.root, rig.git(['rev-parse', 'HEAD']).trim(), rig.options)
      const frozen = value(await freezeReport(rig.root, reported, head, rig.options))
      for (const both of [[reported, head], frozen]) expect(changes(await rig.compare(both))).toEqual([])
      rig.write('in/a.txt', 'other\n').write('out/b.txt', 'put there\n')
      expect(changes(await rig.compare(before))).toEqual(['modified in/a.txt', 'modified out/b.txt'])
      rig.rm('out').git(['sparse-checkout', 'disable'])
      expect(changes(await rig.compare(before))).toEqual(['modified in/a.txt'])
    })
  })

  test('narrowed during the run: what goes is removed', async () => {
    await withRig(async (rig) => {
      rig.write('in/a.txt').write('out/b.txt').commitAll()
      expect(await rig.changesAfter(() => void rig.git(['sparse-checkout', 'set', 'in']))).toEqual([
        'removed out/b.txt',
      ])
    })
  })

  test('sparse index', async () => {
    await withRig(async (rig) => {
      rig.write('in/a.txt').write('out/deep/b.txt').commitAll()
      rig.git(['sparse-checkout', 'set', '--cone', '--sparse-index', 'in'])
      expect(await rig.changesAfter(() => rig.write('in/a.txt', 'other\n'))).toEqual(['modified in/a.txt'])
    })
  })
})
