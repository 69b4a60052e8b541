import fs from 'node:fs'
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import type { Evidence, Task } from '../../src/contract/types.ts'
import { evaluate } from '../../src/evidence/evaluate.ts'
import type { Found, Seen, Some } from '../../src/evidence/found.ts'
import { MOST_BYTES } from '../../src/evidence/kinds/file-matches.ts'
import { unmetAtBaseline } from '../../src/evidence/unmet-at-baseline.ts'
import { namedPaths } from '../../src/evidence/named-paths.ts'
import { type Rig, withRig } from './rig.ts'

/** A finding of which a member is known only in part. */
type Expected = { readonly kind: Found['kind'] } & Readonly<Record<string, unknown>>

const task = (...evidence: Evidence[]): Task => ({
  id: 'T1',
  title: 't',
  required: true,
  dependsOn: [],
  evidence,
})

/** The workspace at the start and what was done since; every row below is judged in it. */
function start(rig: Rig): void {
  rig
    .write('README.md', '# Title\n\n## Usage\nText\n')
    .write('src/a.ts')
    .write('src/b.ts')
    .write('docs/guide.md')
    .write('bom.md', '\ufeff# Title\r\nText\r\n')
  rig.write('.gitignore', 'dist/\n').write('old.txt').commitAll()
  rig.write('draft.md', 'draft\n')
}

function work(rig: Rig): void {
  rig.write('src/a.ts', 'changed\n').write('src/new/c.ts').write('dist/out.js').rm('old.txt')
  rig.write('node_modules/m/index.js')
  fs.symlinkSync('/etc/passwd', rig.path('passwd'))
  execFileSync('mkfifo', [rig.path('pipe')])
  rig.write('slow.txt', `${'a'.repeat(60)}!`).write('large.bin')
  fs.truncateSync(rig.path('large.bin'), MOST_BYTES + 1)
}

const all = (...some: string[]): Some<string> => ({ some, more: 0 })
const nothing = { kind: 'missing', near: null, noDirectory: null } as const

/** A member that is asked for as an expectation is one of which only that much is the same everywhere. */
const rows: [Evidence, boolean, Found | Expected][] = [
  [{ kind: 'pathExists', path: 'src/a.ts' }, true, { kind: 'there', type: 'file' }],
  [{ kind: 'pathExists', path: 'src' }, true, { kind: 'there', type: 'directory' }],
  [{ kind: 'pathExists', path: 'dist/out.js' }, true, { kind: 'there', type: 'file' }],
  [{ kind: 'pathExists', path: 'src/A.ts' }, false, { ...nothing, near: 'src/a.ts' }],
  [{ kind: 'pathExists', path: 'README.txt' }, false, { ...nothing, near: 'README.md' }],
  [{ kind: 'pathExists', path: 'lib/a.ts' }, false, { ...nothing, noDirectory: 'lib' }],
  [{ kind: 'pathExists', path: '../work/src' }, false, nothing],
  [
    { kind: 'pathExists', glob: 'src/**' },
    true,
    { kind: 'files', files: expect.objectContaining({ more: 0 }), wanted: 1, searched: expect.any(Number) },
  ],
  [
    { kind: 'pathExists', glob: 'src/*.ts', min: 3 },
    false,
    { kind: 'files', files: all('src/a.ts', 'src/b.ts'), wanted: 3, searched: 3 },
  ],
  [
    { kind: 'pathExists', glob: '*.rs' },
    false,
    { kind: 'files', files: all(), wanted: 1, searched: expect.any(Number) },
  ],
  [
    { kind: 'pathExists', glob: '**/index.js' },
    false,
    { kind: 'files', files: all(), wanted: 1, searched: expect.any(Number) },
  ],
  [
    { kind: 'pathExists', glob: 'node_modules/**/index.js' },
    true,
    { kind: 'files', files: all('node_modules/m/index.js'), wanted: 1, searched: 1 },
  ],
  [{ kind: 'pathAbsent', path: 'old.txt' }, true, nothing],
  [{ kind: 'pathAbsent', path: 'src/a.ts' }, false, { kind: 'there', type: 'file' }],
  [
    { kind: 'pathAbsent', glob: 'docs/**' },
    false,
    { kind: 'files', files: all('docs/guide.md'), wanted: 0, searched: 1 },
  ],
  [
    { kind: 'pathAbsent', glob: '**/*.orig' },
    true,
    { kind: 'files', files: all(), wanted: 0, searched: expect.any(Number) },
  ],
  [{ kind: 'pathAbsent', path: 'passwd' }, false, { kind: 'there', type: 'link' }],
  [
    { kind: 'pathChanged', glob: 'src/**' },
    true,
    { kind: 'changed', paths: all('src/a.ts', 'src/new/c.ts') },
  ],
  [
    { kind: 'pathChanged', glob: '**/*' },
    true,
    { kind: 'changed', paths: { some: expect.arrayContaining(['old.txt']), more: expect.any(Number) } },
  ],
  [{ kind: 'pathChanged', path: 'src' }, true, { kind: 'changed', paths: all('src/a.ts', 'src/new/c.ts') }],
  [{ kind: 'pathChanged', path: 'old.txt' }, true, { kind: 'changed', paths: all('old.txt') }],
  [{ kind: 'pathChanged', path: 'dist/out.js' }, true, { kind: 'changed', paths: all('dist/out.js') }],
  // Those of its directory come first.
  [
    { kind: 'pathChanged', path: 'src/b.ts' },
    false,
    {
      kind: 'not-changed',
      there: 'file',
      elsewhere: {
        some: ['src/a.ts', 'src/new/c.ts', ...Array<unknown>(3).fill(expect.any(String))],
        more: expect.any(Number),
      },
    },
  ],
  [
    { kind: 'pathChanged', path: 'lib/b.ts' },
    false,
    { kind: 'not-changed', there: null, elsewhere: expect.anything() },
  ],
  [
    { kind: 'pathChanged', glob: 'docs/**' },
    false,
    { kind: 'not-changed', there: null, elsewhere: expect.anything() },
  ],
  [
    { kind: 'pathChanged', path: 'draft.md' },
    false,
    { kind: 'not-changed', there: 'file', elsewhere: expect.anything() },
  ],
  [{ kind: 'pathUnchanged', glob: 'docs/**' }, true, { kind: 'kept', unknown: all() }],
  [
    { kind: 'pathUnchanged', glob: 'src/**' },
    false,
    {
      kind: 'not-kept',
      changes: {
        some: [
          { path: 'src/a.ts', kind: 'modified' },
          { path: 'src/new/c.ts', kind: 'added' },
        ],
        more: 0,
      },
    },
  ],
  [{ kind: 'fileMatches', path: 'README.md', pattern: '^## Usage$' }, true, { kind: 'match' }],
  [{ kind: 'fileMatches', path: 'README.md', pattern: '^## API$' }, false, { kind: 'no-match', lines: 4 }],
  [
    { kind: 'fileMatches', path: 'README.md', pattern: 'TODO', absent: true },
    true,
    { kind: 'no-match', lines: 4 },
  ],
  [{ kind: 'fileMatches', path: 'README.md', pattern: 'Text', absent: true }, false, { kind: 'match' }],
  // A byte order mark is no part of the first line, and can still be asked for.
  [{ kind: 'fileMatches', path: 'bom.md', pattern: '^# Title$' }, true, { kind: 'match' }],
  [{ kind: 'fileMatches', path: 'bom.md', pattern: '^# Title$', absent: true }, false, { kind: 'match' }],
  [{ kind: 'fileMatches', path: 'bom.md', pattern: '\\uFEFF', absent: true }, false, { kind: 'match' }],
  [{ kind: 'fileMatches', path: 'bom.md', pattern: '\ufeff' }, true, { kind: 'match' }],
  [{ kind: 'fileMatches', path: 'README.md', pattern: '\\ufeff' }, false, { kind: 'no-match', lines: 4 }],
  [
    { kind: 'fileMatches', path: 'readme.md', pattern: 'x', absent: true },
    false,
    { ...nothing, near: 'README.md' },
  ],
  [{ kind: 'fileMatches', path: 'passwd', pattern: 'root' }, false, { kind: 'there', type: 'link' }],
  [{ kind: 'fileMatches', path: 'pipe', pattern: 'x' }, false, { kind: 'there', type: 'special file' }],
  [{ kind: 'fileMatches', path: 'src', pattern: 'x' }, false, { kind: 'there', type: 'directory' }],
  [{ kind: 'fileMatches', path: 'large.bin', pattern: 'x' }, false, { kind: 'unreadable', why: 'too-large' }],
  [
    { kind: 'fileMatches', path: 'slow.txt', pattern: '^(a+)+$' },
    false,
    { kind: 'unreadable', why: 'pattern-timeout' },
  ],
]

describe('evidence', () => {
  test('is judged by what is there', async () => {
    await withRig(async (rig) => {
      start(rig)
      const tasks = [task(...rows.map(([evidence]) => evidence), { kind: 'commandRef', name: 'test' })]
      const named = namedPaths(tasks)
      const before = await rig.baseline(named)
      work(rig)
      const facts = await evaluate(tasks, { root: rig.root, comparison: await rig.compare(before, named) })
      expect(facts.length).toBe(rows.length)
      const looked = facts.map(({ index, met, found }) => [rows[index]?.[0], met, found])
      expect(looked).toEqual(rows)
    })
  })

  test('through a directory that became a link nothing is seen', async () => {
    await withRig(async (rig) => {
      rig.write('src/a.ts').commitAll()
      const before = await rig.baseline()
      fs.renameSync(rig.path('src'), `${rig.home}/src`)
      fs.symlinkSync(`${rig.home}/src`, rig.path('src'))
      const tasks = [
        task(
          { kind: 'pathExists', path: 'src/a.ts' },
          { kind: 'pathExists', glob: 'src/*.ts' },
          { kind: 'fileMatches', path: 'src/a.ts', pattern: '.' },
        ),
      ]
      const facts = await evaluate(tasks, { root: rig.root, comparison: await rig.compare(before) })
      expect(facts.map((fact) => fact.met)).toEqual([false, false, false])
    })
  })
})

describe('links', () => {
  const through = (link: string, to: string, seen: Seen | Expected): Found | Expected => ({
    kind: 'through',
    links: all(link),
    to,
    seen,
  })
  const links: [Evidence, boolean, Found | Expected][] = [
    [
      { kind: 'pathExists', path: 'src/dir/a.txt' },
      true,
      through('src/dir', 'shared/a.txt', { kind: 'there', type: 'file' }),
    ],
    [
      { kind: 'pathExists', glob: 'src/dir/*.txt' },
      true,
      through('src/dir', 'shared/*.txt', {
        kind: 'files',
        files: all('shared/a.txt'),
        wanted: 1,
        searched: expect.any(Number),
      }),
    ],
    [{ kind: 'pathExists', path: 'src/dir/none' }, false, through('src/dir', 'shared/none', nothing)],
    [{ kind: 'pathExists', path: 'away/passwd' }, false, nothing],
    [
      { kind: 'pathAbsent', path: 'src/dir/a.txt' },
      false,
      through('src/dir', 'shared/a.txt', { kind: 'there', type: 'file' }),
    ],
    [{ kind: 'pathAbsent', path: 'src/dir/none' }, true, through('src/dir', 'shared/none', nothing)],
    [
      { kind: 'pathAbsent', glob: 'src/dir/*' },
      false,
      through('src/dir', 'shared/*', {
        kind: 'files',
        files: all('shared/a.txt'),
        wanted: 0,
        searched: expect.any(Number),
      }),
    ],
    [{ kind: 'pathAbsent', path: 'away/passwd' }, false, { kind: 'leads-out', links: all('away') }],
    [
      { kind: 'pathChanged', glob: 'src/dir/**' },
      true,
      through('src/dir', 'shared/**', { kind: 'changed', paths: all('shared/a.txt') }),
    ],
    [
      { kind: 'pathChanged', path: 'src/dir' },
      true,
      through('src/dir', 'shared', { kind: 'changed', paths: all('shared/a.txt') }),
    ],
    [
      { kind: 'pathChanged', glob: 'twice/deep/**' },
      false,
      {
        kind: 'through',
        links: all('twice', 'src/dir'),
        to: 'shared/deep/**',
        seen: { kind: 'not-changed', there: null, elsewhere: all('shared/a.txt', 'turned') },
      },
    ],
    [
      { kind: 'pathUnchanged', glob: 'src/dir/**' },
      false,
      through('src/dir', 'shared/**', {
        kind: 'not-kept',
        changes: { some: [{ path: 'shared/a.txt', kind: 'modified' }], more: 0 },
      }),
    ],
    [
      { kind: 'pathUnchanged', glob: 'twice/deep/**' },
      true,
      {
        kind: 'through',
        links: all('twice', 'src/dir'),
        to: 'shared/deep/**',
        seen: { kind: 'kept', unknown: all() },
      },
    ],
    [
      { kind: 'pathUnchanged', path: 'turned/b.txt' },
      false,
      { kind: 'link-changed', link: { path: 'turned', kind: 'modified' } },
    ],
    [
      { kind: 'fileMatches', path: 'LINK.txt', pattern: 'changed' },
      true,
      through('LINK.txt', 'shared/a.txt', { kind: 'match' }),
    ],
    [{ kind: 'fileMatches', path: 'away/passwd', pattern: 'root' }, false, nothing],
    [{ kind: 'fileMatches', path: 'circle/x', pattern: '.' }, false, nothing],
    [{ kind: 'fileMatches', path: 'git/HEAD', pattern: '.' }, false, nothing],
  ]

  test('a path through links is the place it leads to, inside the repository', async () => {
    await withRig(async (rig) => {
      rig.write('shared/a.txt').write('shared/deep/x.txt').write('other/b.txt').write('src/n.txt')
      const link = (to: string, at: string): void => fs.symlinkSync(to, rig.path(at))
      link('../shared', 'src/dir')
      link('src/dir', 'twice')
      link(rig.path('shared/a.txt'), 'LINK.txt')
      link('/etc', 'away')
      link('circle', 'circle')
      link('.git', 'git')
      link('other', 'turned')
      rig.commitAll()
      const before = await rig.baseline()
      rig.write('shared/a.txt', 'changed\n').rm('turned')
      link('shared', 'turned')
      const tasks = [task(...links.map(([evidence]) => evidence))]
      const facts = await evaluate(tasks, { root: rig.root, comparison: await rig.compare(before) })
      expect(facts.map(({ index, met, found }) => [links[index]?.[0], met, found])).toEqual(links)
    })
  })
})

describe('what would have failed at the baseline', () => {
  const unmet: [Evidence, git: boolean, plain: boolean][] = [
    [{ kind: 'pathChanged', path: 'x' }, true, true],
    [{ kind: 'pathUnchanged', path: 'x' }, false, false],
    [{ kind: 'commandRef', name: 'test' }, false, false],
    [{ kind: 'pathExists', path: 'src/a.ts' }, false, false],
    [{ kind: 'pathExists', path: 'src' }, false, false],
    [{ kind: 'pathExists', path: 'src/new/c.ts' }, true, true],
    [{ kind: 'pathExists', path: 'draft.md' }, false, false],
    [{ kind: 'pathExists', glob: 'src/*.ts' }, false, false],
    [{ kind: 'pathExists', glob: 'src/*.ts', min: 3 }, true, true],
    [{ kind: 'pathExists', glob: 'src/**/c.ts' }, true, true],
    [{ kind: 'pathAbsent', path: 'old.txt' }, true, true],
    [{ kind: 'pathAbsent', path: 'never.txt' }, false, false],
    [{ kind: 'pathAbsent', glob: 'docs/**' }, true, true],
    [{ kind: 'fileMatches', path: 'README.md', pattern: 'Usage' }, false, false],
    [{ kind: 'fileMatches', path: 'README.md', pattern: 'API' }, true, true],
    [{ kind: 'fileMatches', path: 'README.md', pattern: 'Usage', absent: true }, true, true],
    [{ kind: 'fileMatches', path: 'bom.md', pattern: '^# Title$' }, false, false],
    [{ kind: 'fileMatches', path: 'none.md', pattern: 'x' }, true, true],
    [{ kind: 'fileMatches', path: 'draft.md', pattern: 'draft' }, false, false],
    [{ kind: 'fileMatches', path: 'draft.md', pattern: 'final' }, true, true],
    // Changed since: git still has the old text, a plain directory does not, and what is not known counts as met.
    [{ kind: 'fileMatches', path: 'src/a.ts', pattern: 'changed' }, true, false],
  ]
  test.each([
    ['git', (rig: Rig) => start(rig), 1],
    ['plain', (rig: Rig) => (start(rig), rig.rm('.git')), 2],
  ] as const)('%s', async (_name, make, column) => {
    await withRig(async (rig) => {
      make(rig)
      const before = await rig.baseline()
      work(rig)
      const wrong = []
      for (const row of unmet)
        if ((await unmetAtBaseline(rig.root, before, row[0], rig.options)) !== row[column]) wrong.push(row[0])
      expect(wrong).toEqual([])
    })
  })
})
