import fs from 'node:fs'
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { commitBaseline } from '../../src/evidence/baseline.ts'
import { loadBaseline, saveBaseline } from '../../src/evidence/baseline-file.ts'
import { ignoreRules } from '../../src/evidence/ignore-rules.ts'
import { movedBetween } from '../../src/workspace/moved-between.ts'
import { freezeReport } from '../../src/evidence/git/freeze.ts'
import type { Baseline, GitBaseline, NamedPath } from '../../src/evidence/types.ts'
import { type Rig, changes, value, withRig } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

const staying = (...globs: readonly string[]): NamedPath[] => globs.map((glob) => ({ glob, stays: true }))
const src = staying('src/**')

interface Case {
  readonly before?: (rig: Rig) => unknown
  readonly act: (rig: Rig) => unknown
  readonly named?: readonly NamedPath[]
  /** Of the changes, those at paths that must stay. */
  readonly seen: readonly string[]
  /** Beside a commit alone, where that is another answer. */
  readonly besideCommit?: readonly string[]
}

const cases: Record<string, Case> = {
  'a rule at the top': {
    act: (rig) => rig.write('.gitignore', 'src/gen/\n').write('src/gen/a.js'),
    seen: ['added src/gen/a.js'],
  },
  'a rule for one file': {
    act: (rig) => rig.write('.gitignore', '*.js\n').write('src/a.js'),
    seen: ['added src/a.js'],
  },
  'a .gitignore that hides itself as well': {
    act: (rig) => rig.write('src/gen/.gitignore', '*\n').write('src/gen/a.js'),
    seen: ['added src/gen/.gitignore', 'added src/gen/a.js'],
  },
  'one far below': {
    act: (rig) => rig.write('src/a/b/.gitignore', '*\n').write('src/a/b/c/d/x'),
    seen: ['added src/a/b/.gitignore', 'added src/a/b/c/d/x'],
  },
  'everything is ignored': {
    act: (rig) => rig.write('.gitignore', '*\n').write('src/gen/a.js').write('src/b.js'),
    seen: ['added src/b.js', 'added src/gen/a.js'],
  },
  'an exception of the start is taken out': {
    before: (rig) => rig.write('.gitignore', 'src/*.js\n!src/keep.js\n'),
    act: (rig) => rig.write('.gitignore', 'src/*.js\n').write('src/keep.js').write('src/other.js'),
    seen: ['added src/keep.js'],
  },
  'an edited rule of a nested file': {
    before: (rig) => rig.write('src/.gitignore', '/cache/\n'),
    act: (rig) =>
      rig
        .write('src/.gitignore', '/cache/\nlib\n')
        .write('src/cache/x')
        .write('src/lib/y')
        .write('src/p/cache/z'),
    seen: ['modified src/.gitignore', 'added src/lib/y', 'added src/p/cache/z'],
  },
  'the rules of the start hide what they did, edited or not': {
    before: (rig) => rig.write('.gitignore', 'dist/\n*.log\n'),
    act: (rig) =>
      rig
        .write('.gitignore', 'coverage/\ndist/\n*.log\n')
        .write('src/dist/a')
        .write('src/x.log')
        .write('coverage/a'),
    seen: [],
  },
  'the rules of the start, taken out': {
    before: (rig) => rig.write('.gitignore', 'dist/\n').write('src/dist/old'),
    act: (rig) => rig.write('.gitignore', '*.log\n').write('src/x.log'),
    // Old files that come to light were not recorded, so nothing is known of them; a commit says that it lacks them.
    seen: ['added src/x.log'],
    besideCommit: ['added src/dist/old', 'added src/x.log'],
  },
  'directories that tools fill': {
    act: (rig) =>
      rig
        .write('.gitignore', 'node_modules\n')
        .write('node_modules/a/b')
        .write('src/.pytest_cache/.gitignore', '*\n'),
    named: staying('src/**', '**/b'),
    seen: [],
  },
  'node_modules where programs look first': {
    act: (rig) =>
      rig
        .write('src/node_modules/.gitignore', '*\n')
        .write('src/node_modules/judge/index.js')
        .write('src/node_modules/.vite/x'),
    seen: ['added src/node_modules/.gitignore', 'added src/node_modules/judge/index.js'],
  },
  'such a directory, where the contract speaks of it': {
    act: (rig) => rig.write('.gitignore', 'node_modules\n').write('src/node_modules/a/b'),
    named: staying('src/**', 'src/node_modules/**'),
    seen: ['added src/node_modules/a/b'],
  },
  'a directory that hid itself at the start': {
    before: (rig) => rig.write('src/own/.gitignore', '*\n').write('src/own/a'),
    act: (rig) => rig.write('src/own/b').write('.gitignore', 'x\n'),
    seen: [],
    besideCommit: ['added src/own/.gitignore', 'added src/own/a', 'added src/own/b'],
  },
  'elsewhere an added rule hides': {
    act: (rig) => rig.write('.gitignore', 'coverage/\n').write('coverage/a').write('src/b.js'),
    seen: ['added src/b.js'],
  },
  'one path': {
    act: (rig) => rig.write('.gitignore', 'conf\n').write('conf'),
    named: [{ path: 'conf', stays: true }],
    seen: ['added conf'],
  },
  'a path through a link': {
    before: (rig) => fs.symlinkSync('src', rig.path('lib')),
    act: (rig) => rig.write('.gitignore', 'gen/\n').write('src/gen/a'),
    named: staying('lib/**'),
    seen: ['added src/gen/a'],
  },
  'a name that is no text': {
    act: (rig) => {
      rig.write('.gitignore', 'src/*\n')
      fs.writeFileSync(Buffer.concat([Buffer.from(rig.path('src/')), Buffer.from([0xff])]), 'x')
    },
    seen: ['added src/\\xff'],
  },
  'a nested repository that an added rule hides': {
    act: (rig) => {
      rig.write('.gitignore', 'src/inner/\n').write('src/inner/a').git(['init', '-q'], 'src/inner')
    },
    seen: ['added src/inner/a'],
  },
  'a nested repository that hides itself': {
    act: (rig) => {
      rig.write('src/inner/.gitignore', '*\n').write('src/inner/a').git(['init', '-q'], 'src/inner')
    },
    seen: ['added src/inner/.gitignore', 'added src/inner/a'],
  },
}

function start(rig: Rig, before: Case['before']): void {
  rig.write('src/old.js').write('.gitattributes', '')
  before?.(rig)
  rig.commitAll()
}

/** The rules themselves, and what lies outside of what must stay, are not in question. */
const kept = (seen: readonly string[]): string[] =>
  seen.filter((line) => !/ (\.gitignore|coverage\/.*)$/.test(line))

describe('what is ignored is decided by the rules of the start', () => {
  test.each(sampleOf(Object.entries(cases), 3))('%s', async (_name, { before, act, named = src, seen }) => {
    await withRig(async (rig) => {
      start(rig, before)
      const baseline = await rig.baseline(named)
      const saved = saveBaseline(rig.home, baseline)
      act(rig)
      const loaded: Baseline = value(loadBaseline(rig.home, saved))
      expect(kept(changes(await rig.compare(loaded, named)))).toEqual(seen)
    })
  })

  test.each(sampleOf(Object.entries(cases), 6, 1))(
    'beside a commit: %s',
    async (_name, { before, act, named = src, seen, besideCommit }) => {
      await withRig(async (rig) => {
        start(rig, before)
        const head = rig.git(['rev-parse', 'HEAD']).trim()
        act(rig)
        // An agent reports after it acted, and would say what suits it.
        const reported = await rig.reported(named)
        const lying = { ...reported, entries: [], ignores: [['.gitignore', '*\n']] } as Baseline
        const pair = [lying as GitBaseline, commitBaseline(rig.root, head, rig.options)] as const
        const onOneList = value(await freezeReport(rig.root, ...pair, rig.options))
        for (const both of [pair, onOneList])
          expect(kept(changes(await rig.compare(both, named)))).toEqual(besideCommit ?? seen)
      })
    },
  )

  test('work trees in the work tree keep the rules of their own start', async () => {
    await withRig(async (rig) => {
      rig.write('lib/a').write('lib/.gitignore', 'build/\n').commitAll('lib')
      rig.git(['init', '-q', '-b', 'main'])
      rig.git(['submodule', '--quiet', 'add', './lib', 'lib'])
      rig.write('src/old').commitAll()
      rig.write('src/inner/.gitignore', 'own/\n').write('src/inner/b').commitAll('src/inner')
      rig.write('src/inner/hid/.gitignore', '*\n')
      const named = staying('lib/**', 'src/**')
      const baseline = await rig.baseline(named)
      for (const dir of ['lib', 'src/inner']) rig.write(`${dir}/new/.gitignore`, '*\n').write(`${dir}/new/x`)
      rig.write('lib/build/x').write('src/inner/own/x').write('src/inner/hid/x')
      expect(changes(await rig.compare(baseline, named))).toEqual([
        'added lib/new/.gitignore',
        'added lib/new/x',
        'added src/inner/new/.gitignore',
        'added src/inner/new/x',
      ])
    })
  })

  test('untracked and edited .gitignore files of the start count as they were', async () => {
    await withRig(async (rig) => {
      rig.write('src/a').write('.gitignore', 'one\n').commitAll()
      rig.write('.gitignore', 'one\ntwo\n').write('src/deep/.gitignore', 'three\n')
      const baseline = await rig.baseline(src)
      rig
        .write('.gitignore', '*\n')
        .write('src/one')
        .write('src/two')
        .write('src/deep/three')
        .write('src/four')
      expect(changes(await rig.compare(baseline, src))).toContain('added src/four')
      expect(changes(await rig.compare(baseline, src)).filter((line) => line.includes('src/'))).toEqual([
        'added src/four',
      ])
    })
  })

  test('what is hidden moves nothing while gates run', async () => {
    await withRig(async (rig) => {
      rig.write('src/a').commitAll()
      const baseline = await rig.baseline(src)
      rig.write('.gitignore', 'src/gen/\n')
      const first = await rig.compare(baseline, src)
      rig.write('src/gen/output')
      const second = await rig.compare(baseline, src)
      expect(changes(second)).toContain('added src/gen/output')
      expect(movedBetween(first, second)).toEqual([])
      expect(second.fingerprint).toBe(first.fingerprint)
    })
  })

  test('a root below the top: the rules above it count', async () => {
    await withRig(async (rig) => {
      rig
        .write('.gitignore', '*.log\n')
        .write('packages/.gitignore', 'out/\n')
        .write('packages/a/src/x')
        .commitAll()
      const inner = Object.assign(Object.create(rig) as Rig, { root: rig.path('packages/a') })
      const baseline = await inner.baseline(src)
      rig.write('packages/.gitignore', 'out/\ngen/\n')
      inner.write('src/a.log').write('src/out/b').write('src/gen/c')
      expect(changes(await inner.compare(baseline, src))).toEqual(['added src/gen/c'])
    })
  })

  test('a baseline of an older release is compared as it used to be', async () => {
    await withRig(async (rig) => {
      rig.write('src/a').commitAll()
      const { ignores: _gone, ...older } = (await rig.baseline(src)) as Baseline & { kind: 'git' }
      rig.write('.gitignore', 'src/gen/\n').write('src/gen/a')
      expect(changes(await rig.compare(older, src))).toEqual(['added .gitignore'])
    })
  })
})

/** What git makes of many files is what it makes of our one. */
describe('rules moved to the top', () => {
  const files: Readonly<Record<string, string>> = {
    '.gitignore':
      '\ufeff*.o\r\n!keep.o\n/only-top\nmid/dle\n**/deep\ntail/**\na/**/z\n# comment\n\\#hash\n\\!bang\n  \nspace\\ \ntrail  \n!\n/\n[ab].c\n',
    'sub/.gitignore': '!x.o\n/anchored\nfree\nmid/dle\n**/any\nend/\n**\n!*/\n!*.keep\n!anchored.keep\n',
    'sub/inner/.gitignore': '!*\n*.no\n!/y.no\n',
    'odd [x]*/.gitignore': '/a\nb\n',
    'dir/.gitignore': 'foo/\nbar*/\n!bar2/\n*.t?t\nq[!a-c]\n\\*star\n',
  }
  const names = [
    'a.o',
    'keep.o',
    'only-top',
    'sub/only-top',
    'mid/dle',
    'x/mid/dle',
    'sub/mid/dle',
    'sub/x/mid/dle',
    'p/q/deep',
    'tail/a/b',
    'a/z',
    'a/b/c/z',
    '#hash',
    '!bang',
    'space ',
    'space',
    'trail',
    'a.c',
    'c.c',
    'sub/x.o',
    'sub/d/x.o',
    'sub/anchored',
    'sub/d/anchored',
    'sub/free',
    'sub/d/free',
    'sub/d/any',
    'sub/end',
    'sub/d/end/f',
    'sub/f.keep',
    'sub/d/g.keep',
    'sub/inner/y.no',
    'sub/inner/z.no',
    'sub/inner/d/y.no',
    'sub/inner/ok',
    'odd [x]*/a',
    'odd [x]*/b',
    'odd [x]*/c',
    'odd [x]*/d/a',
    'odd [x]*/d/b',
    'odd xy/b',
    'dir/foo/a',
    'dir/d/foo',
    'dir/bar1/x',
    'dir/bar2/x',
    'dir/a.txt',
    'dir/d/a.tat',
    'dir/qa',
    'dir/qd',
    'dir/*star',
    'dir/xstar',
    'foo/a',
  ]

  test('the same files are left', async () => {
    await withRig(async (rig) => {
      for (const [name, text] of Object.entries(files)) rig.write(name, text)
      for (const name of names) rig.write(name)
      rig.git(['init', '-q'])
      fs.writeFileSync(`${rig.home}/rules`, ignoreRules(Object.entries(files)))
      const others = (...args: string[]): string[] =>
        execFileSync('git', ['ls-files', '-z', '--others', ...args], { cwd: rig.root, encoding: 'utf8' })
          .split('\0')
          .sort()
      const wanted = others('--exclude-per-directory=.gitignore')
      expect(others(`--exclude-from=${rig.home}/rules`)).toEqual(wanted)
      expect(wanted.length).toBeGreaterThan(20)
      expect(wanted.length).toBeLessThan(names.length)
    })
  })
})
