import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { type Rig, withRig } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

/** A superproject with the submodule `sub` (sub/a.txt) and an embedded, unrelated repository `inner` (inner/b.txt). */
function makeNested(rig: Rig): void {
  const origin = path.join(rig.dir, 'origin')
  fs.mkdirSync(origin)
  const at = path.relative(rig.root, origin)
  fs.writeFileSync(path.join(origin, 'a.txt'), 'a\n')
  fs.writeFileSync(path.join(origin, '.gitignore'), 'build/\n')
  rig.commitAll(at)
  fs.writeFileSync(path.join(origin, 'a.txt'), 'second\n')
  rig.commitAll(at)
  rig.write('top.txt').commitAll()
  rig.git(['submodule', '--quiet', 'add', origin, 'sub'])
  rig.git(['checkout', '-q', 'HEAD~1'], 'sub')
  rig.git(['commit', '-qam', 'sub'])
  fs.mkdirSync(rig.path('inner'))
  rig.write('inner/b.txt').commitAll('inner')
}

const cases: Record<string, { act: (rig: Rig) => void; seen: string[] }> = {
  nothing: { act: () => undefined, seen: [] },
  'an edit in the submodule': { act: (rig) => rig.write('sub/a.txt', 'x\n'), seen: ['modified sub/a.txt'] },
  'a new file in the submodule': { act: (rig) => rig.write('sub/n/x.txt'), seen: ['added sub/n/x.txt'] },
  'what the submodule ignores': { act: (rig) => rig.write('sub/build/x.js'), seen: [] },
  'the submodule moved': {
    act: (rig) => void rig.git(['checkout', '-q', '-'], 'sub'),
    seen: ['modified sub/a.txt'],
  },
  'an edit that is committed in the submodule': {
    act: (rig) => rig.write('sub/a.txt', 'x\n').commitAll('sub'),
    seen: ['modified sub/a.txt'],
  },
  'the submodule gone': {
    act: (rig) => rig.rm('sub'),
    seen: ['removed sub/.gitignore', 'removed sub/a.txt'],
  },
  'the submodule deinitialised': {
    act: (rig) => void rig.git(['submodule', '--quiet', 'deinit', '-f', 'sub']),
    seen: ['removed sub/.gitignore', 'removed sub/a.txt'],
  },
  'its gitfile replaced by one that names a clean copy, then an edit': {
    act: (rig) => {
      fs.cpSync(rig.path('sub'), path.join(rig.home, 'sub'), { recursive: true })
      fs.rmSync(rig.path('sub/.git'))
      rig.write('sub/.git', `gitdir: ${rig.home}/fake\n`)
      fs.mkdirSync(path.join(rig.home, 'fake'))
      rig.write('sub/a.txt', 'x\n')
    },
    seen: ['modified sub/a.txt'],
  },
  'its own info/exclude and index flags': {
    act: (rig) => {
      const dir = rig.git(['rev-parse', '--absolute-git-dir'], 'sub').trim()
      fs.mkdirSync(path.join(dir, 'info'), { recursive: true })
      fs.writeFileSync(path.join(dir, 'info/exclude'), '*\n')
      rig.git(['update-index', '--assume-unchanged', 'a.txt'], 'sub')
      rig.git(['config', 'core.fsmonitor', 'false'], 'sub')
      rig.write('sub/a.txt', 'x\n').write('sub/new.txt')
    },
    seen: ['modified sub/a.txt', 'added sub/new.txt'],
  },
  'a file that the submodule tracks although it ignores it': {
    act: (rig) => {
      rig.write('sub/build/x.js').git(['add', '-f', 'build/x.js'], 'sub')
    },
    seen: ['added sub/build/x.js'],
  },
  'a link to elsewhere in place of the submodule': {
    act: (rig) => {
      fs.renameSync(rig.path('sub'), path.join(rig.home, 'sub'))
      fs.symlinkSync(path.join(rig.home, 'sub'), rig.path('sub'))
    },
    seen: ['added sub', 'removed sub/.gitignore', 'removed sub/a.txt'],
  },
  'an edit in the embedded repository': {
    act: (rig) => rig.write('inner/b.txt', 'x\n'),
    seen: ['modified inner/b.txt'],
  },
  'the embedded repository hides with its own exclude': {
    act: (rig) => {
      fs.writeFileSync(rig.path('inner/.git/info/exclude'), '*\n')
      rig.write('inner/new.txt')
    },
    seen: ['added inner/new.txt'],
  },
  'the embedded repository loses its .git': { act: (rig) => rig.rm('inner/.git'), seen: [] },
  'a directory of new work is made a repository': {
    act: (rig) => {
      rig.write('fresh/x.txt').write('fresh/deep/y.txt').git(['init', '-q'], 'fresh')
      rig.git(['init', '-q'], 'fresh/deep')
    },
    seen: ['added fresh/deep/y.txt', 'added fresh/x.txt'],
  },
  'the top directory of tracked files is made a repository': {
    act: (rig) => {
      rig.write('dir/x.txt').commitAll()
      rig.git(['init', '-q'], 'dir')
      rig.write('dir/x.txt', 'other\n').write('dir/new.txt')
    },
    seen: ['added dir/new.txt', 'added dir/x.txt'],
  },
}

describe('work trees inside the work tree', () => {
  test.each(sampleOf(Object.entries(cases), 3, 2))('%s', async (_name, { act, seen }) => {
    await withRig(async (rig) => {
      makeNested(rig)
      expect(await rig.changesAfter(() => act(rig))).toEqual(seen)
    })
  })
})
