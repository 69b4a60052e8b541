import { describe, expect, test } from '@jest/globals'
import type { Evidence } from '../../src/contract/types.ts'
import type { Found, Some } from '../../src/evidence/found.ts'
import { askedAndFound, foundWords } from '../../src/verdict/words/evidence.ts'

const all = <T>(...some: T[]): Some<T> => ({ some, more: 0 })
const files = (wanted: number, ...some: string[]): Found => ({
  kind: 'files',
  files: all(...some),
  wanted,
  searched: 12,
})

const exists: Evidence = { kind: 'pathExists', path: 'src/a.ts' }
const existing: Evidence = { kind: 'pathExists', glob: 'src/*.ts', min: 3 }
const absent: Evidence = { kind: 'pathAbsent', path: 'old.txt' }
const noneOf: Evidence = { kind: 'pathAbsent', glob: 'docs/**' }
const changed: Evidence = { kind: 'pathChanged', glob: 'src/**' }
const changedFile: Evidence = { kind: 'pathChanged', path: 'src/a.ts' }
const unchanged: Evidence = { kind: 'pathUnchanged', glob: 'src/**' }
const matches: Evidence = { kind: 'fileMatches', path: 'README.md', pattern: '^## Use' }
const without: Evidence = { ...matches, absent: true }

/** One row per thing that can be said; the compiler names a kind that has none. */
const rows: { readonly [K in Found['kind']]: readonly [Evidence, Extract<Found, { kind: K }>, string][] } = {
  there: [
    [exists, { kind: 'there', type: 'file' }, 'a file is there'],
    [absent, { kind: 'there', type: 'directory' }, 'a directory is still there'],
    [matches, { kind: 'there', type: 'special file' }, 'a special file is there, not a file'],
  ],
  missing: [
    [exists, { kind: 'missing', near: null, noDirectory: null }, 'nothing is there'],
    [
      exists,
      { kind: 'missing', near: 'src/A.ts', noDirectory: null },
      'nothing is there (there is src/A.ts)',
    ],
    [
      matches,
      { kind: 'missing', near: null, noDirectory: 'lib' },
      'nothing is there (its directory lib does not exist)',
    ],
  ],
  files: [
    [existing, files(3, 'src/a.ts', 'src/b.ts', 'src/c.ts'), 'src/a.ts, src/b.ts, src/c.ts'],
    [existing, files(3, 'src/a.ts'), 'only 1 file: src/a.ts'],
    [existing, files(3, 'src/a.ts', 'src/b.ts'), 'only 2 files: src/a.ts, src/b.ts'],
    [existing, files(3), 'no file matches, 12 files looked at'],
    [noneOf, files(0), 'no file matches'],
    [noneOf, files(0, 'docs/a.md'), 'still there: docs/a.md'],
  ] as [Evidence, Extract<Found, { kind: 'files' }>, string][],
  changed: [
    [
      changed,
      { kind: 'changed', paths: { some: ['src/a.ts', 'src/b.ts'], more: 4 } },
      'src/a.ts, src/b.ts and 4 more',
    ],
  ],
  'by-gates': [
    [
      changed,
      { kind: 'by-gates', paths: all('src/out.txt') },
      'only a gate wrote src/out.txt, which is not your work; write it yourself if it should count',
    ],
  ],
  'not-recorded': [
    [
      changed,
      { kind: 'not-recorded', paths: all('src/x.log') },
      'src/x.log was ignored by git and not recorded at the start, so a change cannot be seen',
    ],
  ],
  'not-changed': [
    [changed, { kind: 'not-changed', there: null, elsewhere: all() }, 'nothing under src/ has changed yet'],
    [
      { kind: 'pathChanged', glob: 'src/app/**/*' },
      { kind: 'not-changed', there: null, elsewhere: { some: ['src/b.ts', 'c'], more: 2 } },
      'nothing under src/app/ has changed yet; 4 files changed elsewhere: src/b.ts, c and 2 more',
    ],
    [
      { kind: 'pathChanged', glob: 'src/*.ts' },
      { kind: 'not-changed', there: null, elsewhere: all('a') },
      'nothing that matches has changed yet; 1 file changed elsewhere: a',
    ],
    [
      { kind: 'pathChanged', glob: '**/*' },
      { kind: 'not-changed', there: null, elsewhere: all() },
      'nothing has changed yet',
    ],
    [changedFile, { kind: 'not-changed', there: 'file', elsewhere: all() }, 'the file has not changed yet'],
    [
      changedFile,
      { kind: 'not-changed', there: null, elsewhere: all('src/A.ts') },
      'nothing is there, as at the start; 1 file changed elsewhere: src/A.ts',
    ],
  ],
  kept: [
    [unchanged, { kind: 'kept', unknown: all() }, 'nothing has changed'],
    [
      unchanged,
      { kind: 'kept', unknown: all('src/x.log') },
      'nothing has changed, but src/x.log was ignored by git and not recorded at the start',
    ],
  ],
  'not-kept': [
    [
      unchanged,
      {
        kind: 'not-kept',
        changes: {
          some: [
            { path: 'src/a.ts', kind: 'modified' },
            { path: 'src/c.ts', kind: 'added', hidden: true },
          ],
          more: 1,
        },
      },
      'changed since the start: src/a.ts (modified), src/c.ts (added; ignored only by a rule that is newer than the start) and 1 more',
    ],
  ],
  'link-changed': [
    [
      unchanged,
      { kind: 'link-changed', link: { path: 'src', kind: 'type' } },
      'a link on the way changed since the start: src (type)',
    ],
  ],
  'leads-out': [
    [absent, { kind: 'leads-out', links: all('away') }, 'the link away leads out of the repository'],
  ],
  match: [
    [matches, { kind: 'match' }, 'found'],
    [without, { kind: 'match' }, 'the file still matches'],
  ],
  'no-match': [
    [matches, { kind: 'no-match', lines: 1 }, 'no match in 1 line'],
    [without, { kind: 'no-match', lines: 4 }, 'no match in 4 lines'],
  ],
  unreadable: [
    [matches, { kind: 'unreadable', why: 'denied' }, 'not searched: the file may not be read'],
    [
      matches,
      { kind: 'unreadable', why: 'pattern-timeout' },
      'not searched: the pattern backtracks too much',
    ],
  ],
  through: [
    [
      changed,
      {
        kind: 'through',
        links: all('src'),
        to: 'lib/**',
        seen: { kind: 'not-changed', there: null, elsewhere: all() },
      },
      'nothing under src/ has changed yet (at lib/**, through the link src)',
    ],
  ],
  recorded: [[changed, { kind: 'recorded', text: 'as it was said' }, 'as it was said']],
}

describe.each(Object.entries(rows))('%s', (_kind, own) => {
  test.each<[Evidence, Found, string]>([...own])('%j %j', (evidence, found, words) => {
    expect(foundWords(evidence, found)).toBe(words)
  })
})

test('behind what was asked for, which is said once', () => {
  expect(askedAndFound(changed, { kind: 'not-changed', there: null, elsewhere: all() })).toBe(
    'pathChanged src/**: nothing under src/ has changed yet',
  )
})

test('a name of the workspace controls no terminal and is not endless', () => {
  const hostile = `src/\u001b[2J\u009b\u202e\n${'x'.repeat(4000)}`
  const words = foundWords(changed, { kind: 'changed', paths: all(hostile, hostile) })
  expect(words).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
  expect(words).toContain('src/\\u001b[2J\\u009b\\u202e\\u000axx')
  expect(words.length).toBeLessThan(500)
})
