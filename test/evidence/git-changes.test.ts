import fs from 'node:fs'
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { MOST_HASHED } from '../../src/evidence/entry.ts'
import { type Rig, withRig } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

/** Every way to change a workspace that a check must see, and what it must be called. */
const cases: Record<string, { before?: (rig: Rig) => void; act: (rig: Rig) => void; seen: string[] }> = {
  nothing: { act: () => undefined, seen: [] },
  'an edit': { act: (rig) => rig.write('a.txt', 'other\n'), seen: ['modified a.txt'] },
  'a new file': { act: (rig) => rig.write('new/x.txt'), seen: ['added new/x.txt'] },
  'a removed file': { act: (rig) => rig.rm('a.txt'), seen: ['removed a.txt'] },
  'same size, mtime put back': {
    act: (rig) => {
      const { atime, mtime } = fs.statSync(rig.path('a.txt'))
      rig.write('a.txt', 'A.txt\n')
      fs.utimesSync(rig.path('a.txt'), atime, mtime)
    },
    seen: ['modified a.txt'],
  },
  'changed, then restored': {
    act: (rig) => {
      rig.write('a.txt', 'other\n')
      rig.write('a.txt')
    },
    seen: [],
  },
  touched: { act: (rig) => fs.utimesSync(rig.path('a.txt'), 1, 1), seen: [] },
  'mode only': { act: (rig) => fs.chmodSync(rig.path('a.txt'), 0o755), seen: ['mode a.txt'] },
  'a permission git does not keep': { act: (rig) => fs.chmodSync(rig.path('a.txt'), 0o600), seen: [] },
  rename: {
    act: (rig) => fs.renameSync(rig.path('a.txt'), rig.path('c.txt')),
    seen: ['removed a.txt', 'added c.txt'],
  },
  'case-only rename': {
    act: (rig) => fs.renameSync(rig.path('a.txt'), rig.path('A.txt')),
    seen: ['added A.txt', 'removed a.txt'],
  },
  'file to directory': {
    act: (rig) => rig.rm('a.txt').write('a.txt/inner'),
    seen: ['removed a.txt', 'added a.txt/inner'],
  },
  'directory to file': {
    act: (rig) => rig.rm('src').write('src', 'x'),
    seen: ['added src', 'removed src/b.txt'],
  },
  'directory to a link to itself': {
    act: (rig) => {
      rig.rm('src')
      fs.symlinkSync('src', rig.path('src'))
    },
    seen: ['added src', 'removed src/b.txt'],
  },
  'file to link': {
    act: (rig) => {
      rig.rm('a.txt')
      fs.symlinkSync('src/b.txt', rig.path('a.txt'))
    },
    seen: ['type a.txt'],
  },
  'file to FIFO': {
    act: (rig) => {
      rig.rm('a.txt')
      execFileSync('mkfifo', [rig.path('a.txt')])
    },
    seen: ['type a.txt'],
  },
  'link to another target': {
    before: (rig) => fs.symlinkSync('a.txt', rig.path('link')),
    act: (rig) => {
      rig.rm('link')
      fs.symlinkSync('src', rig.path('link'))
    },
    seen: ['modified link'],
  },
  'directory to link with the same content': {
    act: (rig) => {
      fs.renameSync(rig.path('src'), `${rig.dir}/elsewhere`)
      fs.symlinkSync(`${rig.dir}/elsewhere`, rig.path('src'))
    },
    seen: ['added src', 'removed src/b.txt'],
  },
  'names with spaces, umlauts, newlines, globs and escapes': {
    act: (rig) =>
      ['a b', 'ü', 'n\nl', '[x]*', ':(top)x', '-dash', 'lit\\xff', '"q"', '__proto__'].forEach((name) =>
        rig.write(name),
      ),
    seen: ['"q"', '-dash', ':(top)x', '[x]*', '__proto__', 'a b', 'lit\\x5cxff', 'n\nl', 'ü'].map(
      (name) => `added ${name}`,
    ),
  },
  'a name that is not UTF-8': {
    act: (rig) => fs.writeFileSync(Buffer.concat([Buffer.from(`${rig.root}/caf`), Buffer.from([0xe9])]), 'x'),
    seen: ['added caf\\xe9'],
  },
  'a commit of the work': {
    act: (rig) => rig.write('a.txt', 'other\n').commitAll(),
    seen: ['modified a.txt'],
  },
  'a commit, then a return to the old content': {
    act: (rig) => rig.write('a.txt', 'other\n').commitAll().write('a.txt'),
    seen: [],
  },
  'only staged': {
    act: (rig) => {
      rig.write('a.txt', 'other\n').git(['add', 'a.txt'])
      rig.write('a.txt')
    },
    seen: [],
  },
  'removed from the index only': { act: (rig) => void rig.git(['rm', '-q', '--cached', 'a.txt']), seen: [] },
  'removed from the index and ignored': {
    act: (rig) => {
      rig.git(['rm', '-q', '--cached', 'a.txt'])
      rig.write('.gitignore', 'a.txt\n').write('a.txt', 'other\n')
    },
    seen: ['added .gitignore', 'modified a.txt'],
  },
  'another branch': {
    before: (rig) => {
      rig.git(['checkout', '-q', '-b', 'side'])
      rig.write('side.txt').commitAll().git(['checkout', '-q', 'main'])
    },
    act: (rig) => void rig.git(['checkout', '-q', 'side']),
    seen: ['added side.txt'],
  },
  'a file that was dirty at the start and goes back to the commit': {
    before: (rig) => rig.write('a.txt', 'dirty\n'),
    act: (rig) => void rig.git(['checkout', '-q', 'a.txt']),
    seen: ['modified a.txt'],
  },
  'a file that is too large to be read at each look, taken out of the index': {
    before: (rig) => {
      fs.truncateSync(rig.write('large.bin').path('large.bin'), MOST_HASHED + 1)
      rig.commitAll()
    },
    act: (rig) => void rig.git(['rm', '-q', '--cached', 'large.bin']),
    seen: [],
  },
  'one of 300 GB that is not tracked, edited': {
    before: (rig) => fs.truncateSync(rig.write('large.bin').path('large.bin'), 300 * 2 ** 30),
    act: (rig) => fs.appendFileSync(rig.path('large.bin'), 'x'),
    seen: ['modified large.bin'],
  },
  'a file that was dirty at the start and stays so': {
    before: (rig) => rig.write('a.txt', 'dirty\n').write('loose.txt'),
    act: () => undefined,
    seen: [],
  },
  'an untracked file of the start that is edited': {
    before: (rig) => rig.write('loose.txt'),
    act: (rig) => rig.write('loose.txt', 'more\n'),
    seen: ['modified loose.txt'],
  },
  'an untracked file of the start that is hidden by .gitignore and edited': {
    before: (rig) => rig.write('loose.txt'),
    act: (rig) => rig.write('.gitignore', 'loose.txt\n').write('loose.txt', 'more\n'),
    seen: ['added .gitignore', 'modified loose.txt'],
  },
  'a file that was missing at the start and comes back': {
    before: (rig) => rig.rm('a.txt'),
    act: (rig) => rig.write('a.txt'),
    seen: ['added a.txt'],
  },
  'ignored files': {
    before: (rig) => rig.write('.gitignore', 'dist/\n'),
    act: (rig) => rig.write('dist/out.js'),
    seen: [],
  },
  'line ends that git converts': {
    before: (rig) => {
      rig.write('.gitattributes', '*.txt text eol=crlf\n').commitAll()
      rig.rm('a.txt').git(['checkout', '-q', 'a.txt'])
    },
    act: (rig) => {
      expect(fs.readFileSync(rig.path('a.txt'), 'utf8')).toBe('a.txt\r\n')
      fs.utimesSync(rig.path('a.txt'), 1, 1)
    },
    seen: [],
  },
  'line ends by core.autocrlf': {
    before: (rig) => {
      rig.git(['config', 'core.autocrlf', 'true'])
      rig.rm('a.txt').git(['checkout', '-q', 'a.txt'])
    },
    act: (rig) => {
      expect(fs.readFileSync(rig.path('a.txt'), 'utf8')).toBe('a.txt\r\n')
      fs.utimesSync(rig.path('a.txt'), 1, 1)
    },
    seen: [],
  },
  'a keyword that git expands': {
    before: (rig) => {
      rig.write('.gitattributes', 'a.txt ident\n').write('a.txt', '$Id$\n').commitAll()
      rig.rm('a.txt').git(['checkout', '-q', 'a.txt'])
    },
    act: (rig) => {
      expect(fs.readFileSync(rig.path('a.txt'), 'utf8')).toMatch(/^\$Id: [0-9a-f]+ \$\n$/)
      fs.utimesSync(rig.path('a.txt'), 1, 1)
    },
    seen: [],
  },
  'an edit in a file with converted line ends': {
    before: (rig) => {
      rig.write('.gitattributes', '*.txt text eol=crlf\n').commitAll()
      rig.rm('a.txt').git(['checkout', '-q', 'a.txt'])
    },
    act: (rig) => rig.write('a.txt', 'other\r\n'),
    seen: ['modified a.txt'],
  },
  'line ends by attributes that were not committed': {
    act: (rig) => rig.write('.gitattributes', '*.txt text\n').write('a.txt', 'a.txt\r\n'),
    seen: ['added .gitattributes', 'modified a.txt'],
  },
  'the same, with attributes that are ignored': {
    before: (rig) => rig.write('.gitignore', '.gitattributes\n').write('src/c.txt').commitAll(),
    act: (rig) => rig.write('src/.gitattributes', '*.txt text\n').write('src/c.txt', 'src/c.txt\r\n'),
    seen: ['modified src/c.txt'],
  },
  'one line end more than git makes': {
    before: (rig) => rig.write('.gitattributes', '*.txt text\n').write('a.txt', 'one\ntwo\n').commitAll(),
    act: (rig) => rig.write('a.txt', 'one\r\ntwo\n'),
    seen: ['modified a.txt'],
  },
  'a keyword that git did not expand': {
    before: (rig) => rig.write('.gitattributes', 'a.txt ident\n').write('a.txt', '/* $Id$ */\n').commitAll(),
    act: (rig) => rig.write('a.txt', '/* $Id: */ process.exit(0) /* $ */\n'),
    seen: ['modified a.txt'],
  },
  'a keyword by attributes that were not committed': {
    before: (rig) => rig.write('a.txt', '$Id$\n').commitAll(),
    act: (rig) => rig.write('.gitattributes', 'a.txt ident\n').write('a.txt', `$Id: ${'0'.repeat(40)} $\n`),
    seen: ['added .gitattributes', 'modified a.txt'],
  },
  'line ends that git does not convert': {
    act: (rig) => rig.write('a.txt', 'a.txt\r\n'),
    seen: ['modified a.txt'],
  },
  'an unmerged file': {
    before: (rig) => {
      rig.git(['checkout', '-q', '-b', 'side'])
      rig.write('a.txt', 'side\n').commitAll().git(['checkout', '-q', 'main'])
      rig.write('a.txt', 'main\n').commitAll()
    },
    act: (rig) => {
      expect(() => rig.git(['merge', 'side'])).toThrow()
    },
    seen: ['modified a.txt'],
  },
}

describe('changes in a git repository', () => {
  test.each(sampleOf(Object.entries(cases), 3, 1))('%s', async (_name, { before, act, seen }) => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('src/b.txt').commitAll()
      before?.(rig)
      expect(await rig.changesAfter(() => act(rig))).toEqual(seen)
    })
  })

  test.each(sampleOf(Object.entries(cases), 12, 4))(
    'by a commit, as older releases: %s',
    async (_name, { before, act, seen }) => {
      await withRig(async (rig) => {
        rig.write('a.txt').write('src/b.txt').commitAll()
        before?.(rig)
        expect(await rig.changesByCommit(() => act(rig))).toEqual(seen)
      })
    },
  )
})
