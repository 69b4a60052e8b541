import fs from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { comparePlain } from '../../src/evidence/plain-baseline.ts'
import { type Rig, changes, withRig } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

/** What editors leave beside the files that they have open. */
const theirs: Record<string, (rig: Rig) => void> = {
  'a swap file of vim': (rig) => rig.write('src/.b.txt.swp').write('src/.b.txt.swo'),
  'the probe of vim': (rig) => rig.write('src/4913', ''),
  'a copy of before': (rig) => rig.write('src/b.txt~'),
  'an auto-save of Emacs': (rig) => rig.write('src/#b.txt#'),
  'a lock of Emacs': (rig) => fs.symlinkSync('me@host.4711:1700000000', rig.path('src/.#b.txt')),
  'a safe write of JetBrains': (rig) => rig.write('src/b.txt___jb_tmp___').write('src/___jb_old___'),
}

/** The same places with something in them that works. */
const work: Record<string, { act: (rig: Rig) => void; seen: string[] }> = {
  'a program by the name of a copy': {
    act: (rig) => {
      rig.write('src/run~')
      fs.chmodSync(rig.path('src/run~'), 0o755)
    },
    seen: ['added src/run~'],
  },
  'a file where vim leaves none': {
    act: (rig) => rig.write('src/4913', 'exit 0\n'),
    seen: ['added src/4913'],
  },
  'a link by the name of a copy': {
    act: (rig) => fs.symlinkSync('b.txt', rig.path('src/c~')),
    seen: ['added src/c~'],
  },
  'a directory of such a name': {
    act: (rig) => rig.write('src/.d.swp/x.txt'),
    seen: ['added src/.d.swp/x.txt'],
  },
  'a tracked file of such a name': {
    act: (rig) => rig.write('kept~', 'other\n'),
    seen: ['modified kept~'],
  },
}

describe('files of editors', () => {
  test.each(sampleOf(Object.entries(theirs), 3))(
    '%s is no change, and no part of the state',
    async (_name, open) => {
      await withRig(async (rig) => {
        rig.write('src/b.txt').commitAll()
        const named = [{ glob: 'src/**', stays: true }] as const
        const [own, reported] = [await rig.baseline(named), await rig.reported(named)]
        open(rig)
        for (const before of [own, reported]) {
          const after = await rig.compare(before, named)
          expect([changes(after), [...after.state]]).toEqual([[], []])
        }
        const names = fs.readdirSync(rig.path('src')).filter((name) => name !== 'b.txt')
        // Open at the start, closed in the run.
        const opened = await rig.baseline(named)
        for (const name of names) fs.rmSync(rig.path(`src/${name}`))
        expect(changes(await rig.compare(opened, named))).toEqual([])
      })
    },
  )

  test.each(sampleOf(Object.entries(work), 3))('%s is a change', async (_name, { act, seen }) => {
    await withRig(async (rig) => {
      rig.write('src/b.txt').write('kept~').commitAll()
      expect(await rig.changesAfter(() => act(rig))).toEqual(seen)
    })
  })

  test('what evidence names to the letter is a change', async () => {
    await withRig(async (rig) => {
      rig.write('src/b.txt').commitAll()
      const before = await rig.baseline()
      rig.write('src/b.txt~')
      expect(changes(await rig.compare(before, [{ path: 'src/b.txt~' }]))).toEqual(['added src/b.txt~'])
    })
  })

  test('without git the same', async () => {
    await withRig(async (rig) => {
      rig.write('src/b.txt')
      const before = await rig.baseline()
      if (before.kind !== 'plain') throw new Error('there is a repository')
      for (const open of Object.values(theirs)) open(rig)
      rig.write('src/c.txt')
      const after = comparePlain(rig.root, [before], [])
      expect([...after.perBaseline[0]!.keys(), ...after.state.keys()]).toEqual(['src/c.txt', 'src/c.txt'])
    })
  })
})

describe('another work tree of the same repository inside', () => {
  const start = (rig: Rig): void => void rig.write('a.txt').write('src/b.txt').commitAll()

  test('is no change, whatever is done in it', async () => {
    await withRig(async (rig) => {
      start(rig)
      const named = [{ glob: '**/*.txt', stays: true }] as const
      const before = await rig.baseline(named)
      rig.git(['worktree', 'add', '-q', 'trees/side'])
      rig.write('trees/side/a.txt', 'elsewhere\n').write('trees/side/new.txt')
      const after = await rig.compare(before, named)
      expect([changes(after), [...after.state]]).toEqual([[], []])
    })
  })

  test('counts where something must stay, or where evidence speaks of it', async () => {
    await withRig(async (rig) => {
      start(rig)
      const before = await rig.baseline()
      rig.git(['worktree', 'add', '-q', 'src/side'])
      expect(changes(await rig.compare(before, [{ glob: 'src/**', stays: true }]))).toContain(
        'added src/side/a.txt',
      )
      expect(changes(await rig.compare(before, [{ path: 'src/side/a.txt' }]))).toContain(
        'added src/side/a.txt',
      )
    })
  })

  test('a directory that only claims to be one is looked into', async () => {
    await withRig(async (rig) => {
      start(rig)
      rig.git(['worktree', 'add', '-q', '../far'])
      const before = await rig.baseline()
      rig.write('fake/x.txt')
      fs.copyFileSync(`${rig.dir}/far/.git`, rig.path('fake/.git'))
      expect(changes(await rig.compare(before))).toEqual(['added fake/x.txt'])
    })
  })

  test('that was there at the start and is only a directory later is not known, so it is not work', async () => {
    await withRig(async (rig) => {
      start(rig)
      rig.git(['worktree', 'add', '-q', 'side'])
      const before = await rig.baseline()
      rig.rm('side/.git')
      const after = await rig.compare(before)
      expect(changes(after)).toEqual([])
      expect(after.unknown).toContain('side/a.txt')
    })
  })

  test('another repository inside is no such thing', async () => {
    await withRig(async (rig) => {
      start(rig)
      expect(await rig.changesAfter(() => rig.write('inner/x.txt').commitAll('inner'))).toEqual([
        'added inner/x.txt',
      ])
    })
  })
})

describe('modes where the repository does not tell them apart (core.fileMode=false)', () => {
  const noModes = (rig: Rig): void => {
    rig.write('a.sh').write('b.txt')
    fs.chmodSync(rig.path('a.sh'), 0o755)
    rig.commitAll().git(['config', 'core.fileMode', 'false'])
  }

  test.each(['baseline', 'reported'] as const)('are no change (%s)', async (taken) => {
    await withRig(async (rig) => {
      noModes(rig)
      rig.write('fresh.txt')
      const before = await rig[taken]()
      fs.chmodSync(rig.path('a.sh'), 0o644)
      for (const name of ['b.txt', 'fresh.txt']) fs.chmodSync(rig.path(name), 0o755)
      const after = await rig.compare(before)
      expect(changes(after)).toEqual([])
      rig.write('b.txt', 'edit\n')
      expect(changes(await rig.compare(before))).toEqual(['modified b.txt'])
    })
  })

  test('stay a change where it is set during the run', async () => {
    await withRig(async (rig) => {
      rig.write('a.sh').commitAll()
      const seen = await rig.changesAfter(() => {
        rig.git(['config', 'core.fileMode', 'false'])
        fs.chmodSync(rig.path('a.sh'), 0o755)
      })
      expect(seen).toEqual(['mode a.sh'])
    })
  })
})

describe('line ends that are turned on during the run', () => {
  test('change nothing by themselves, and what is written anew with them is seen', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('b.txt').commitAll()
      const before = await rig.baseline()
      rig.git(['config', 'core.autocrlf', 'true'])
      rig.git(['status'])
      expect(changes(await rig.compare(before))).toEqual([])
      rig.write('a.txt', 'a.txt\r\n')
      expect(changes(await rig.compare(before))).toEqual(['modified a.txt'])
    })
  })

  test('on at the start, they are no difference whether or not the blob is there', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt', 'one\ntwo\n').commitAll()
      rig.git(['config', 'core.autocrlf', 'true'])
      const before = await rig.baseline()
      rig.write('a.txt', 'one\r\ntwo\r\n')
      expect(changes(await rig.compare(before))).toEqual([])
      fs.rmSync(rig.path('.git/objects'), { recursive: true })
      fs.mkdirSync(rig.path('.git/objects'))
      expect(changes(await rig.compare(before))).toEqual([])
      rig.write('a.txt', 'one\r\n2\r\n')
      expect(changes(await rig.compare(before))).toEqual(['modified a.txt'])
    })
  })
})
