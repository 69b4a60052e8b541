import { describe, expect, test } from '@jest/globals'
import { type Rig, changes, withRig } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

/** What people do to their history while a run is open. None of it changes a file. */
const moves: Record<string, (rig: Rig) => void> = {
  'a squash, then gc that takes the commit of the start away': (rig) => {
    const commit = rig.git(['rev-parse', 'HEAD']).trim()
    rig.git(['reset', '-q', '--soft', 'HEAD~1'])
    rig.git(['commit', '-q', '--amend', '-m', 'squashed'])
    rig.git(['reflog', 'expire', '--expire=now', '--all'])
    rig.git(['gc', '-q', '--prune=now'])
    expect(() => rig.git(['cat-file', '-e', commit])).toThrow()
  },
  'another branch and back': (rig) => {
    rig.git(['checkout', '-q', 'side'])
    rig.git(['checkout', '-q', 'main'])
  },
  'a reset of the index to an older commit': (rig) => void rig.git(['reset', '-q', 'HEAD~1']),
  'a history of its own': (rig) => {
    rig.git(['checkout', '-q', '--orphan', 'fresh'])
    rig.git(['commit', '-qm', 'anew'])
  },
  'a rebase that leaves the same tree': (rig) =>
    void rig.git(['commit', '-q', '--amend', '-m', 'other words']),
}

function start(rig: Rig): void {
  rig.write('a.txt', 'first\n').write('b.txt').commitAll()
  rig.git(['branch', 'side'])
  rig.write('a.txt', 'second\n').write('c.txt').commitAll()
}

describe('HEAD moves', () => {
  test.each(sampleOf(Object.entries(moves), 2))("%s is nobody's work", async (_name, move) => {
    await withRig(async (rig) => {
      start(rig)
      const before = await rig.baseline()
      move(rig)
      const after = await rig.compare(before)
      expect([changes(after), [...after.state]]).toEqual([[], []])
    })
  })

  test.each(sampleOf(Object.entries(moves), 3))('work is seen beside %s', async (_name, move) => {
    await withRig(async (rig) => {
      start(rig)
      const before = await rig.baseline()
      move(rig)
      rig.write('a.txt', 'first\n').write('new.txt').rm('b.txt')
      expect(changes(await rig.compare(before))).toEqual(['modified a.txt', 'removed b.txt', 'added new.txt'])
    })
  })

  test('an older commit that is checked out is a change, as its files are', async () => {
    await withRig(async (rig) => {
      start(rig)
      const before = await rig.baseline()
      rig.git(['checkout', '-q', 'side'])
      expect(changes(await rig.compare(before))).toEqual(['modified a.txt', 'removed c.txt'])
    })
  })
})

describe('what is added although it is ignored', () => {
  test('counts once it is in the index', async () => {
    await withRig(async (rig) => {
      rig.write('.gitignore', 'out/\n').write('a.txt').commitAll()
      const before = await rig.baseline()
      rig.write('out/x.js')
      expect(changes(await rig.compare(before))).toEqual([])
      rig.git(['add', '-f', 'out/x.js'])
      expect(changes(await rig.compare(before))).toEqual(['added out/x.js'])
      rig.commitAll()
      expect(changes(await rig.compare(before))).toEqual(['added out/x.js'])
    })
  })

  test('and was there at the start is no change, until it is', async () => {
    await withRig(async (rig) => {
      rig.write('.gitignore', 'out/\n').write('a.txt').write('out/x.js').commitAll()
      rig.git(['add', '-f', 'out/x.js'])
      rig.write('a.txt', 'staged\n').git(['add', 'a.txt'])
      const before = await rig.baseline()
      rig.commitAll()
      expect(changes(await rig.compare(before))).toEqual([])
      rig.write('out/x.js', 'edit\n')
      expect(changes(await rig.compare(before))).toEqual(['modified out/x.js'])
    })
  })
})
