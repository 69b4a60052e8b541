import fs from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { Evidence } from '../../src/contract/types.ts'
import { unmetAtBaseline } from '../../src/evidence/unmet-at-baseline.ts'
import type { GitBaseline, NamedPath } from '../../src/evidence/types.ts'
import { type Rig, changes, withRig } from './rig.ts'
import { long, sampleOf } from '../rig/long.ts'

/** A baseline taken for "something changed", as a person's prompt takes one before the agent names anything. */
const anything: NamedPath[] = [{ glob: '**/*' }]

function start(rig: Rig): void {
  rig.write('.gitignore', 'dist/\nnode_modules/\n.env*\n*.log\n/part/gen/\n').write('src/a.js').commitAll()
  rig.write('dist/old.js').write('dist/deep/old.js').write('node_modules/m/i.js')
  rig.write('.env', 'A=1\n').write('.env.local').write('config/a.log')
  rig.write('only/deep/b.log').write('part/gen/c').write('part/d')
  rig
    .write('inner/seen')
    .write('inner/.gitignore', '*.log\n')
    .write('inner/e.log')
    .git(['init', '-q'], 'inner')
  fs.mkdirSync(rig.path('empty'))
}

test('a baseline keeps what git ignored: directories as one, and only those that a rule hides', async () => {
  await withRig(async (rig) => {
    start(rig)
    const baseline = (await rig.baseline(anything)) as GitBaseline
    expect([...(baseline.ignored ?? [])].sort()).toEqual(
      ['.env', '.env.local', 'config/a.log', 'dist/', 'node_modules/', 'only/deep/b.log', 'part/gen/'].sort(),
    )
    expect(baseline.nested).toEqual(['inner/'])
  })
})

if (long)
  test('the same seen from a directory of the repository', async () => {
    await withRig(async (rig) => {
      rig.write('.gitignore', 'dist/\n').write('pkg/src/a.js').commitAll()
      rig.write('pkg/dist/x').write('dist/y')
      Object.assign(rig, { root: rig.path('pkg') })
      expect(((await rig.baseline()) as GitBaseline).ignored).toEqual(['dist/'])
    })
  })

/** What is named only later → what was done → changes, and what nothing is known of. */
const later: Record<string, [NamedPath, (rig: Rig) => void, string[], string[]]> = {
  'an ignored file of the start, untouched': [{ path: '.env' }, () => {}, [], ['.env']],
  'an ignored file of the start, edited': [{ path: '.env' }, (rig) => rig.write('.env', 'B\n'), [], ['.env']],
  'a new ignored file': [{ path: '.env.test' }, (rig) => rig.write('.env.test'), ['added .env.test'], []],
  'a directory of the start': [{ path: 'dist' }, () => {}, [], ['dist/deep/old.js', 'dist/old.js']],
  'a new file in an ignored directory of the start': [
    { glob: 'dist/*.js' },
    (rig) => rig.write('dist/new.js'),
    [],
    ['dist/new.js', 'dist/old.js'],
  ],
  'a new ignored directory': [
    { glob: 'src/dist/**' },
    (rig) => rig.write('src/dist/x'),
    ['added src/dist/x'],
    [],
  ],
  'an ignored file of a work tree inside': [{ path: 'inner/e.log' }, () => {}, [], ['inner/e.log']],
  'a new file in a directory of nothing but ignored ones': [
    { path: 'only' },
    (rig) => rig.write('only/deep/new.js'),
    ['added only/deep/new.js'],
    [],
  ],
  'a new file of a work tree inside': [
    { path: 'inner' },
    (rig) => rig.write('inner/f'),
    ['added inner/f'],
    [],
  ],
  'old files that come to light': [
    { glob: 'src/**' },
    (rig) => rig.write('.gitignore', 'node_modules/\n'),
    ['modified .gitignore'],
    [
      '.env',
      '.env.local',
      'config/a.log',
      'dist/deep/old.js',
      'dist/old.js',
      'only/deep/b.log',
      'part/gen/c',
    ],
  ],
}

test.each(sampleOf(Object.entries(later), 2))(
  'named after the start: %s',
  async (_name, [named, act, seen, unknown]) => {
    await withRig(async (rig) => {
      start(rig)
      const before = await rig.baseline(anything)
      act(rig)
      const found = await rig.compare(before, [...anything, named])
      expect(changes(found)).toEqual(seen)
      expect(found.unknown).toEqual(unknown)
    })
  },
)

const unmet: [Evidence, boolean][] = [
  [{ kind: 'pathExists', path: 'dist/old.js' }, false],
  [{ kind: 'pathExists', path: '.env' }, false],
  [{ kind: 'pathExists', path: 'node_modules/m' }, false],
  [{ kind: 'pathExists', path: 'empty' }, false],
  [{ kind: 'pathExists', path: 'inner/e.log' }, false],
  [{ kind: 'pathExists', glob: 'dist/*.js' }, false],
  [{ kind: 'pathExists', glob: '**/*.log' }, false],
  [{ kind: 'pathExists', path: '.env.test' }, true],
  [{ kind: 'pathExists', path: 'build/out.js' }, true],
  [{ kind: 'pathExists', glob: 'build/**' }, true],
  [{ kind: 'pathExists', path: 'src/new.js' }, true],
  [{ kind: 'fileMatches', path: '.env', pattern: 'A=' }, false],
  [{ kind: 'fileMatches', path: '.env', pattern: 'B=' }, false],
  [{ kind: 'fileMatches', path: '.env.test', pattern: 'A=' }, true],
  [{ kind: 'pathAbsent', path: '.env' }, false],
]

describe('whether meeting it takes work', () => {
  test.each(sampleOf(unmet, 3))('%j: %s', async (evidence, expected) => {
    await withRig(async (rig) => {
      start(rig)
      const before = await rig.baseline(anything)
      rig.write('.env.test', 'A=1\n').write('build/out.js').write('src/new.js')
      expect(await unmetAtBaseline(rig.root, before, evidence, rig.options)).toBe(expected)
    })
  })
})

const stays: [string, string[]][] = [
  ['.env*', ['modified .env', 'removed .env.local']],
  ['**/.env', ['modified .env']],
  ['config/*.{log,txt}', ['modified config/a.log']],
  // Builds and caches write there: what has no name does not reach the ignored.
  ['config/**', []],
  ['**', []],
]

test.each(sampleOf(stays, 2))('what must stay and is ignored, called %s', async (glob, seen) => {
  await withRig(async (rig) => {
    start(rig)
    const named: NamedPath[] = [{ glob, stays: true }]
    expect(
      await rig.changesAfter(() => {
        rig.write('.env', 'A=2\n').rm('.env.local').write('.env.new').write('config/a.log', 'more\n')
        rig.write('dist/old.js', 'built\n')
      }, named),
    ).toEqual(seen)
  })
})
