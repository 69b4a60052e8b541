import fs from 'node:fs'
import path from 'node:path'
import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { movedBetween } from '../../src/workspace/moved-between.ts'
import type { Baseline, EntryLine } from '../../src/evidence/types.ts'
import { type Rig, changes, withRig } from './rig.ts'

const cases: Record<string, { act: (rig: Rig) => void; seen: string[] }> = {
  nothing: { act: () => undefined, seen: [] },
  'an edit': { act: (rig) => rig.write('src/b.txt', 'other\n'), seen: ['modified src/b.txt'] },
  'an edit of the same size with the mtime put back': {
    act: (rig) => {
      const { atime, mtime } = fs.statSync(rig.path('a.txt'))
      rig.write('a.txt', 'A.txt\n')
      fs.utimesSync(rig.path('a.txt'), atime, mtime)
    },
    seen: ['modified a.txt'],
  },
  'another file of the same size and mtime moved over it': {
    act: (rig) => {
      const { atime, mtime } = fs.statSync(rig.path('a.txt'))
      rig.write('tmp', 'A.txt\n')
      fs.utimesSync(rig.path('tmp'), atime, mtime)
      fs.renameSync(rig.path('tmp'), rig.path('a.txt'))
    },
    seen: ['modified a.txt'],
  },
  'changed, then restored': {
    act: (rig) => {
      rig.write('a.txt', 'x')
      rig.write('a.txt')
    },
    seen: [],
  },
  touched: { act: (rig) => fs.utimesSync(rig.path('a.txt'), 1, 1), seen: [] },
  'mode only': { act: (rig) => fs.chmodSync(rig.path('a.txt'), 0o755), seen: ['mode a.txt'] },
  added: { act: (rig) => rig.write('new/.hidden'), seen: ['added new/.hidden'] },
  removed: { act: (rig) => rig.rm('src'), seen: ['removed src/b.txt'] },
  'case-only rename': {
    act: (rig) => fs.renameSync(rig.path('a.txt'), rig.path('A.txt')),
    seen: ['added A.txt', 'removed a.txt'],
  },
  'file to directory': {
    act: (rig) => rig.rm('a.txt').write('a.txt/x'),
    seen: ['removed a.txt', 'added a.txt/x'],
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
  'a directory replaced by a link to a copy of it': {
    act: (rig) => {
      fs.renameSync(rig.path('src'), path.join(rig.home, 'src'))
      fs.symlinkSync(path.join(rig.home, 'src'), rig.path('src'))
    },
    seen: ['added src', 'removed src/b.txt'],
  },
  'what lies behind a link': {
    act: (rig) => {
      fs.writeFileSync(path.join(rig.home, 'x'), 'x')
      fs.symlinkSync(rig.home, rig.path('link'))
    },
    seen: ['added link'],
  },
  'a name that is not UTF-8, in a directory that is not': {
    act: (rig) => {
      const dir = Buffer.concat([Buffer.from(`${rig.root}/d`), Buffer.from([0xff])])
      fs.mkdirSync(dir)
      fs.writeFileSync(Buffer.concat([dir, Buffer.from('/f'), Buffer.from([0xfe])]), 'x')
    },
    seen: ['added d\\xff/f\\xfe'],
  },
  'data of version control': { act: (rig) => rig.write('.hg/store').write('deep/.svn/x'), seen: [] },
  'installed modules': { act: (rig) => rig.write('node_modules/m/i.js'), seen: [] },
}

describe('changes in a directory without git', () => {
  test.each(Object.entries(cases))('%s', async (_name, { act, seen }) => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('src/b.txt')
      // Stats old enough to be believed, so that the cache is what is tested.
      const before = await rig.baseline()
      const entries = before.entries.map(([file, kind, hash]): EntryLine => [
        file,
        kind,
        hash,
        trusted(rig, file),
      ])
      const aged: Baseline = { ...before, entries }
      nextTick(rig)
      expect(before.kind).toBe('plain')
      act(rig)
      for (const baseline of [before, aged]) expect(changes(await rig.compare(baseline))).toEqual(seen)
    })
  })

  test('a file too young to be believed is read again', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt')
      const before = await rig.baseline()
      expect(before.entries).toEqual([['a.txt', 'f', expect.any(String), '']])
    })
  })

  test('an old file is not read again', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt')
      const before = await rig.baseline()
      const wrong = { ...before, entries: [['a.txt', 'f', 'another hash', trusted(rig, 'a.txt')] as const] }
      expect(changes(await rig.compare(wrong as typeof before))).toEqual([])
      // Two baselines: the first may come from an agent, so stats are not believed.
      expect(changes(await rig.compare([wrong as typeof before, wrong as typeof before]))).toEqual([
        'modified a.txt',
      ])
    })
  })

  test('modules that evidence names are looked at', async () => {
    await withRig(async (rig) => {
      rig.write('node_modules/m/i.js')
      const named = [{ glob: 'node_modules/m/**' }]
      const before = await rig.baseline(named)
      rig.write('node_modules/m/i.js', 'x')
      expect(changes(await rig.compare(before, named))).toEqual(['modified node_modules/m/i.js'])
    })
  })

  test('git init during the run changes nothing', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt')
      expect(
        await rig.changesAfter(() => {
          rig.write('.gitignore', '*\n').write('b.txt').git(['init', '-q'])
        }),
      ).toEqual(['added .gitignore', 'added b.txt'])
    })
  })

  test('what moved between two looks', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('b.txt')
      const before = await rig.baseline()
      rig.write('a.txt', '1')
      const one = await rig.compare(before)
      rig.write('a.txt', '2').rm('b.txt')
      const two = await rig.compare(before)
      expect(movedBetween(one, two)).toEqual(['a.txt', 'b.txt'])
      rig.write('a.txt', '1').write('b.txt')
      expect((await rig.compare(before)).fingerprint).toBe(one.fingerprint)
    })
  })
})

/** The stat mark that the file would have had, had it been older. */
function trusted(rig: Rig, file: string): string {
  const stat = fs.lstatSync(rig.path(file))
  return (
    [stat.size, Math.round(stat.ctimeMs * 1000), stat.ino].map((part) => part.toString(36)).join('.') + '.f'
  )
}

/** Until the file system's clock has moved on: an edit within one tick of it is what the racy rule is for. */
function nextTick(rig: Rig): void {
  const probe = path.join(rig.home, 'probe')
  const last = Math.max(...fs.readdirSync(rig.root).map((name) => fs.lstatSync(rig.path(name)).ctimeMs))
  do fs.writeFileSync(probe, '')
  while (fs.statSync(probe).ctimeMs <= last)
}
