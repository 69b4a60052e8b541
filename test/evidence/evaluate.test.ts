import fs from 'node:fs'
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import type { Evidence, Task } from '../../src/contract/types.ts'
import { evaluate } from '../../src/evidence/evaluate.ts'
import { unmetAtBaseline } from '../../src/evidence/unmet-at-baseline.ts'
import { namedPaths } from '../../src/evidence/named-paths.ts'
import { type Rig, withRig } from './rig.ts'

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
}

const rows: [Evidence, boolean, string | RegExp][] = [
  [{ kind: 'pathExists', path: 'src/a.ts' }, true, 'pathExists src/a.ts: a file is there'],
  [{ kind: 'pathExists', path: 'src' }, true, 'pathExists src: a directory is there'],
  [{ kind: 'pathExists', path: 'dist/out.js' }, true, 'pathExists dist/out.js: a file is there'],
  [
    { kind: 'pathExists', path: 'src/A.ts' },
    false,
    'pathExists src/A.ts: nothing is there (there is src/a.ts)',
  ],
  [
    { kind: 'pathExists', path: 'README.txt' },
    false,
    'pathExists README.txt: nothing is there (there is README.md)',
  ],
  [
    { kind: 'pathExists', path: 'lib/a.ts' },
    false,
    'pathExists lib/a.ts: nothing is there (its directory lib does not exist)',
  ],
  [{ kind: 'pathExists', path: '../work/src' }, false, /nothing is there/],
  [{ kind: 'pathExists', glob: 'src/**' }, true, /src\//],
  [
    { kind: 'pathExists', glob: 'src/*.ts', min: 3 },
    false,
    'pathExists src/*.ts: only 2 files match (3 wanted): src/a.ts, src/b.ts',
  ],
  [{ kind: 'pathExists', glob: '*.rs' }, false, /pathExists \*\.rs: no file matches, \d+ files looked at/],
  [{ kind: 'pathExists', glob: '**/index.js' }, false, /no file matches/],
  [{ kind: 'pathExists', glob: 'node_modules/**/index.js' }, true, /node_modules/],
  [{ kind: 'pathAbsent', path: 'old.txt' }, true, 'pathAbsent old.txt: nothing is there'],
  [{ kind: 'pathAbsent', path: 'src/a.ts' }, false, 'pathAbsent src/a.ts: a file is still there'],
  [{ kind: 'pathAbsent', glob: 'docs/**' }, false, 'pathAbsent docs/**: still there: docs/guide.md'],
  [{ kind: 'pathAbsent', glob: '**/*.orig' }, true, 'pathAbsent **/*.orig: no file matches'],
  [{ kind: 'pathAbsent', path: 'passwd' }, false, 'pathAbsent passwd: a link is still there'],
  [{ kind: 'pathChanged', glob: 'src/**' }, true, 'pathChanged src/**: src/a.ts, src/new/c.ts'],
  [{ kind: 'pathChanged', glob: '**/*' }, true, /^pathChanged \*\*\/\*: /],
  [{ kind: 'pathChanged', path: 'src' }, true, /src\/a\.ts/],
  [{ kind: 'pathChanged', path: 'old.txt' }, true, 'pathChanged old.txt: old.txt'],
  [{ kind: 'pathChanged', path: 'dist/out.js' }, true, 'pathChanged dist/out.js: dist/out.js'],
  [
    { kind: 'pathChanged', path: 'src/b.ts' },
    false,
    /^pathChanged src\/b\.ts: the file is as it was at the start; \d+ files changed elsewhere: src\//,
  ],
  [{ kind: 'pathChanged', path: 'lib/b.ts' }, false, /nothing is there, as at the start/],
  [{ kind: 'pathChanged', glob: 'docs/**' }, false, /no matching file differs from the start/],
  [{ kind: 'pathChanged', path: 'draft.md' }, false, /as it was at the start/],
  [{ kind: 'pathUnchanged', glob: 'docs/**' }, true, 'pathUnchanged docs/**: nothing differs from the start'],
  [
    { kind: 'pathUnchanged', glob: 'src/**' },
    false,
    'pathUnchanged src/**: src/a.ts (modified), src/new/c.ts (added) must be as at the start',
  ],
  [
    { kind: 'fileMatches', path: 'README.md', pattern: '^## Usage$' },
    true,
    'fileMatches README.md /^## Usage$/: found',
  ],
  [
    { kind: 'fileMatches', path: 'README.md', pattern: '^## API$' },
    false,
    'fileMatches README.md /^## API$/: no match in 4 lines',
  ],
  [{ kind: 'fileMatches', path: 'README.md', pattern: 'TODO', absent: true }, true, /no match/],
  [{ kind: 'fileMatches', path: 'README.md', pattern: 'Text', absent: true }, false, /still matches/],
  // A byte order mark is no part of the first line, and can still be asked for.
  [{ kind: 'fileMatches', path: 'bom.md', pattern: '^# Title$' }, true, /found/],
  [{ kind: 'fileMatches', path: 'bom.md', pattern: '^# Title$', absent: true }, false, /still matches/],
  [{ kind: 'fileMatches', path: 'bom.md', pattern: '\\uFEFF', absent: true }, false, /still matches/],
  [{ kind: 'fileMatches', path: 'bom.md', pattern: '\ufeff' }, true, /found/],
  [{ kind: 'fileMatches', path: 'README.md', pattern: '\\ufeff' }, false, /no match in 4 lines/],
  [
    { kind: 'fileMatches', path: 'readme.md', pattern: 'x', absent: true },
    false,
    /no such file \(there is README\.md\)/,
  ],
  [{ kind: 'fileMatches', path: 'passwd', pattern: 'root' }, false, /a link is there, not a file/],
  [{ kind: 'fileMatches', path: 'pipe', pattern: 'x' }, false, /a special file is there/],
  [{ kind: 'fileMatches', path: 'src', pattern: 'x' }, false, /a directory is there/],
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
      const wrong = rows.flatMap(([evidence, met, detail], index) => {
        const fact = facts[index]!
        const fits = typeof detail === 'string' ? fact.detail === detail : detail.test(fact.detail)
        return fact.met === met && fits && fact.index === index ? [] : [{ evidence, fact }]
      })
      expect(wrong).toEqual([])
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
  const links: [Evidence, boolean, RegExp][] = [
    [
      { kind: 'pathExists', path: 'src/dir/a.txt' },
      true,
      /shared\/a\.txt: a file is there \(src\/dir\/a\.txt through the link src\/dir\)/,
    ],
    [{ kind: 'pathExists', glob: 'src/dir/*.txt' }, true, /through the link src\/dir/],
    [{ kind: 'pathExists', path: 'src/dir/none' }, false, /nothing is there/],
    [{ kind: 'pathExists', path: 'away/passwd' }, false, /nothing is there/],
    [{ kind: 'pathAbsent', path: 'src/dir/a.txt' }, false, /still there/],
    [{ kind: 'pathAbsent', path: 'src/dir/none' }, true, /nothing is there/],
    [{ kind: 'pathAbsent', glob: 'src/dir/*' }, false, /still there/],
    [
      { kind: 'pathAbsent', path: 'away/passwd' },
      false,
      /out of the repository leads away\/passwd through the link away/,
    ],
    [{ kind: 'pathChanged', glob: 'src/dir/**' }, true, /shared\/a\.txt/],
    [{ kind: 'pathChanged', path: 'src/dir' }, true, /shared\/a\.txt/],
    [{ kind: 'pathChanged', glob: 'twice/deep/**' }, false, /no matching file/],
    [{ kind: 'pathUnchanged', glob: 'src/dir/**' }, false, /must be as at the start/],
    [{ kind: 'pathUnchanged', glob: 'twice/deep/**' }, true, /nothing differs/],
    [{ kind: 'pathUnchanged', path: 'turned/b.txt' }, false, /turned, a link on the way, differs/],
    [{ kind: 'fileMatches', path: 'LINK.txt', pattern: 'changed' }, true, /found/],
    [{ kind: 'fileMatches', path: 'away/passwd', pattern: 'root' }, false, /no such file/],
    [{ kind: 'fileMatches', path: 'circle/x', pattern: '.' }, false, /no such file/],
    [{ kind: 'fileMatches', path: 'git/HEAD', pattern: '.' }, false, /no such file/],
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
      const wrong = links.flatMap(([evidence, met, detail], index) =>
        facts[index]?.met === met && detail.test(facts[index].detail)
          ? []
          : [{ evidence, fact: facts[index] }],
      )
      expect(wrong).toEqual([])
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
