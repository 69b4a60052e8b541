import fs from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { captureBaseline } from '../../src/evidence/baseline.ts'
import {
  loadBaseline,
  parseBaseline,
  saveBaseline,
  verifyBaseline,
} from '../../src/evidence/baseline-file.ts'
import { compareWith } from '../../src/evidence/compare.ts'
import { listingFile } from '../../src/evidence/git/listing.ts'
import { openStart } from '../../src/evidence/git/start.ts'
import type { GitBaseline } from '../../src/evidence/types.ts'
import { type Rig, changes, value, withRig } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

async function saved(rig: Rig): Promise<{ dir: string; sha: string; list: string; copy: string }> {
  const dir = path.join(rig.dir, 'session')
  fs.mkdirSync(dir)
  const baseline = (await rig.baseline()) as GitBaseline
  const sha = saveBaseline(dir, baseline)
  const { listing } = baseline
  return { dir, sha, list: listingFile(dir, listing!.sha256), copy: listing!.copyIn(rig.options.scratch) }
}

describe('the list in the home', () => {
  test('is enough without the copy in the scratch, and a copy that was changed is not believed', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('b.txt').commitAll()
      const { dir, sha, copy } = await saved(rig)
      rig.write('a.txt', 'edit.\n')
      const harms: (() => void)[] = [
        () => fs.rmSync(copy),
        () => fs.rmSync(rig.options.scratch, { recursive: true }),
        () => fs.truncateSync(copy, 40),
        () => {
          // The blob of the edit in place of the start's.
          const bytes = fs.readFileSync(copy)
          const { mtime } = fs.statSync(copy)
          bytes.fill(7, 12 + 40, 12 + 60)
          fs.writeFileSync(copy, bytes)
          fs.utimesSync(copy, mtime, mtime)
        },
        () => {
          fs.rmSync(copy)
          fs.mkdirSync(copy)
          fs.rmdirSync(copy)
          fs.symlinkSync('/dev/zero', copy)
        },
      ]
      for (const harm of harms) {
        harm()
        const before = value(loadBaseline(dir, sha))
        expect(changes(await rig.compare(before))).toEqual(['modified a.txt'])
      }
    })
  })

  test('of another run that began when git had written the same index anew, is read beside it', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('b.txt').commitAll()
      const index = path.join(rig.root, '.git', 'index')
      fs.utimesSync(index, 1_000_000_000, 1_000_000_000)
      const first = (await rig.baseline()) as GitBaseline
      fs.utimesSync(index, 1_000_000_001, 1_000_000_001)
      const second = (await rig.baseline()) as GitBaseline
      expect(second.listing!.sha256).toBe(first.listing!.sha256)
      expect(second.listing!.mtimeMs).not.toBe(first.listing!.mtimeMs)
      rig.write('a.txt', 'edit.\n')
      for (let round = 0; round < 5; round += 1)
        for (const seen of await Promise.all([first, second, first, second].map((one) => rig.compare(one))))
          expect(changes(seen)).toEqual(['modified a.txt'])
    })
  })

  const damage: Record<string, [(file: string) => void, string]> = {
    gone: [(file) => fs.rmSync(file), 'baseline-missing'],
    'cut short': [(file) => fs.truncateSync(file, 30), 'baseline-changed'],
    'another list': [(file) => fs.writeFileSync(file, brotliCompressSync('DIRC')), 'baseline-changed'],
    'one byte of it': [
      (file) => {
        const bytes = brotliDecompressSync(fs.readFileSync(file))
        bytes[60] = bytes[60]! ^ 1
        fs.writeFileSync(file, brotliCompressSync(bytes))
      },
      'baseline-changed',
    ],
    'a link to the same bytes': [
      (file) => {
        fs.renameSync(file, `${file}.away`)
        fs.symlinkSync(`${file}.away`, file)
      },
      'baseline-changed',
    ],
  }
  test.each(sampleOf(Object.entries(damage), 2))('%s is an error with words', async (_name, [harm, code]) => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      const { dir, sha, list, copy } = await saved(rig)
      harm(list)
      fs.rmSync(copy)
      const loaded = loadBaseline(dir, sha)
      const compared = loaded.ok ? await compareWith(rig.root, [loaded.value], [], rig.options) : loaded
      expect(compared).toMatchObject({ ok: false, error: { code } })
      expect(verifyBaseline(dir, sha)).toMatchObject({ ok: false, error: { code } })
    })
  })

  test('is small, and moves with the baseline', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      const { dir, sha } = await saved(rig)
      const other = path.join(rig.dir, 'other')
      fs.mkdirSync(other)
      expect(saveBaseline(other, value(loadBaseline(dir, sha)))).toBe(sha)
      fs.rmSync(dir, { recursive: true })
      fs.rmSync(rig.options.scratch, { recursive: true })
      rig.write('a.txt', 'edit.\n')
      expect(changes(await rig.compare(value(loadBaseline(other, sha))))).toEqual(['modified a.txt'])
    })
  })

  test('a report that brings a list is refused', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      const json: unknown = JSON.parse(JSON.stringify(await rig.baseline()))
      expect(parseBaseline(json)).toMatchObject({ ok: false, error: { code: 'baseline-malformed' } })
      expect(parseBaseline(JSON.parse(JSON.stringify(await rig.reported())))).toMatchObject({ ok: true })
    })
  })
})

/** Starts in which index, HEAD and work tree do not agree. What lay there is the start. */
const starts: Record<string, (rig: Rig) => void> = {
  'an edit, staged': (rig) => void rig.write('a.txt', 'staged\n').git(['add', 'a.txt']),
  'an edit, staged and edited again': (rig) => {
    rig.write('a.txt', 'staged\n').git(['add', 'a.txt'])
    rig.write('a.txt', 'and more\n')
  },
  'an edit that is not staged': (rig) => rig.write('a.txt', 'edit.\n'),
  'a removal, staged': (rig) => void rig.git(['rm', '-q', 'a.txt']),
  'removed from the index alone': (rig) => void rig.git(['rm', '-q', '--cached', 'a.txt']),
  'a new file, announced only': (rig) => void rig.write('n.txt').git(['add', '-N', 'n.txt']),
  'a file that is ignored, announced only': (rig) => {
    rig.write('.gitignore', 'n.txt\n').write('n.txt').git(['add', '-fN', 'n.txt'])
  },
  'a merge with a conflict': (rig) => {
    rig.git(['checkout', '-q', '-b', 'side'])
    rig.write('a.txt', 'theirs\n').commitAll().git(['checkout', '-q', 'main'])
    rig.write('a.txt', 'ours\n').commitAll()
    expect(() => rig.git(['merge', '-q', 'side'])).toThrow()
  },
  'edits behind flags': (rig) => {
    rig.git(['update-index', '--assume-unchanged', 'a.txt'])
    rig.git(['update-index', '--skip-worktree', 'b.txt'])
    rig.write('a.txt', 'local\n').write('b.txt', 'local\n')
  },
  'an index of version 4': (rig) => void rig.git(['update-index', '--index-version=4']),
  'a split index': (rig) => void rig.git(['update-index', '--split-index']),
  'a cache of untracked files': (rig) => void rig.git(['update-index', '--force-untracked-cache']),
  'no index': (rig) => fs.rmSync(rig.path('.git/index')),
}

describe('a start', () => {
  test.each(sampleOf(Object.entries(starts), 3))(
    '%s: nothing differs from it, and edits do',
    async (_name, act) => {
      await withRig(async (rig) => {
        rig.write('a.txt').write('b.txt').write('c.txt').commitAll()
        act(rig)
        const before = await rig.baseline()
        const now = await rig.compare(before)
        expect(changes(now)).toEqual([])
        const files = fs.readdirSync(rig.root).filter((name) => name.endsWith('.txt'))
        for (const name of files) fs.appendFileSync(rig.path(name), 'more\n')
        expect(changes(await rig.compare(before))).toEqual(files.sort().map((name) => `modified ${name}`))
        // However the agent leaves the index.
        rig.git(['add', '-Af', '.'])
        expect(changes(await rig.compare(before))).toEqual(files.map((name) => `modified ${name}`))
      })
    },
  )

  test('a split index does not need its other half later', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll().git(['update-index', '--split-index'])
      rig.write('b.txt').git(['add', '-A'])
      const before = await rig.baseline()
      for (const name of fs.readdirSync(rig.path('.git')))
        if (name.startsWith('sharedindex.')) fs.rmSync(rig.path(`.git/${name}`))
      rig.write('a.txt', 'edit.\n')
      expect(changes(await rig.compare(before))).toEqual(['modified a.txt'])
    })
  })

  test('is not younger than the index it was made from: git reads again what may have changed since', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      const { copy } = await saved(rig)
      expect(fs.statSync(copy).mtimeMs).toBeLessThanOrEqual(fs.statSync(rig.path('.git/index')).mtimeMs)
      // Git takes a time of 0 for none and would read nothing again.
      fs.utimesSync(rig.path('.git/index'), 0, 0)
      const { listing } = (await rig.baseline()) as GitBaseline
      expect(listing?.mtimeMs).toBeGreaterThan(0)
    })
  })
})

test('all of it by names from the top, whatever came or went since', async () => {
  await withRig(async (rig) => {
    rig.write('top.txt').write('packages/a/a.txt').write('packages/a/gone.txt')
    fs.symlinkSync('a.txt', rig.path('packages/a/link'))
    rig.commitAll().write('packages/a/new.txt').rm('packages/a/gone.txt')
    const root = rig.path('packages/a')
    const before = value(await captureBaseline(root, [], rig.options)) as GitBaseline
    rig.write('packages/a/later.txt').rm('top.txt').commitAll()
    const oid = (text: string): string => rig.git(['hash-object', '--stdin'], '.', text).trim()
    const { start } = value(openStart(root, [before], rig.options))
    expect(Object.fromEntries(value(await start.held.all()))).toEqual({
      'packages/a/a.txt': { kind: 'f', oid: oid('packages/a/a.txt\n') },
      'packages/a/gone.txt': { kind: 'f', oid: oid('packages/a/gone.txt\n') },
      'packages/a/link': { kind: 'l', oid: oid('a.txt') },
      'top.txt': { kind: 'f', oid: oid('top.txt\n') },
    })
  })
})
