import fs from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { commitBaseline } from '../../src/evidence/baseline.ts'
import { baselineFile, loadBaseline, parseBaseline, saveBaseline } from '../../src/evidence/baseline-file.ts'
import { movedBetween } from '../../src/workspace/moved-between.ts'
import { freezeReport } from '../../src/evidence/git/freeze.ts'
import type { Baseline, GitBaseline } from '../../src/evidence/types.ts'
import { type Rig, changes, value, withRig } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

/** As a request leaves them, and as they are kept once it is taken in. */
const kept: Record<string, (rig: Rig, pair: GitBaseline[]) => Promise<readonly Baseline[]>> = {
  'by their commits': async (_rig, pair) => pair,
  'on one list': async (rig, [reported, head]) =>
    value(await freezeReport(rig.root, reported!, head!, rig.options)),
}

describe.each(sampleOf(Object.entries(kept), 2, 1))('several baselines, %s', (_how, keep) => {
  const beside = async (rig: Rig, reported: Baseline, commit: string): Promise<readonly Baseline[]> =>
    keep(rig, [reported as GitBaseline, commitBaseline(rig.root, commit, rig.options)])

  test('a path is changed only when it differs from every one', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('b.txt').commitAll()
      const head = rig.git(['rev-parse', 'HEAD']).trim()
      rig.write('b.txt', 'before the request\n').write('c.txt', 'before the request\n')
      const reported = await rig.reported()
      const both = await beside(rig, reported, head)
      expect(changes(await rig.compare(both))).toEqual([])
      rig.write('a.txt', 'work\n').write('b.txt').write('c.txt', 'work\n')
      // b.txt went back to the commit: it differs from one of them only.
      expect(changes(await rig.compare(both))).toEqual(['modified a.txt', 'modified c.txt'])
      expect(changes(await rig.compare(reported))).toEqual([
        'modified a.txt',
        'modified b.txt',
        'modified c.txt',
      ])
    })
  })

  test('a forged report makes no change out of nothing', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('b.txt').commitAll()
      const head = rig.git(['rev-parse', 'HEAD']).trim()
      const honest = (await rig.reported()) as GitBaseline
      const forged: GitBaseline = {
        ...honest,
        commit: null,
        settings: { excludes: '*\n', autocrlf: 'true', eol: 'crlf' },
        entries: [
          ['a.txt', 'f', '0'.repeat(40), ''],
          ['gone.txt', 'f', '0'.repeat(40), ''],
        ],
      }
      const both = await beside(rig, forged, head)
      expect(changes(await rig.compare(both))).toEqual([])
      rig.write('new.txt')
      expect(changes(await rig.compare(both))).toEqual(['added new.txt'])
    })
  })

  test('beside a commit, an ignored file that is named counts, and so does one hidden by a sparse flag', async () => {
    await withRig(async (rig) => {
      rig.write('.gitignore', '.env*\n').write('a.txt').commitAll().write('.env.old')
      const named = [{ path: '.env' }, { path: '.env.old' }]
      const head = rig.git(['rev-parse', 'HEAD']).trim()
      const both = await beside(rig, await rig.reported(named), head)
      expect(changes(await rig.compare(both, named))).toEqual([])
      rig.write('.env').git(['update-index', '--skip-worktree', 'a.txt'])
      rig.rm('a.txt')
      const compared = await rig.compare(both, named)
      expect(changes(compared)).toEqual(['added .env', 'removed a.txt'])
      expect(compared.unknown).toEqual([])
    })
  })

  test('baselines of different commits', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      const first = rig.git(['rev-parse', 'HEAD']).trim()
      rig.write('a.txt', 'two\n').write('b.txt').commitAll()
      const own = await rig.reported()
      const both = await beside(rig, own, first)
      expect(changes(await rig.compare(both))).toEqual([])
      rig.write('a.txt', 'three\n')
      expect(changes(await rig.compare(both))).toEqual(['modified a.txt'])
      rig.write('a.txt').write('b.txt', 'x\n')
      expect(changes(await rig.compare(both))).toEqual(['modified b.txt'])
      expect(changes(await rig.compare(both.toReversed()))).toEqual(['added b.txt'])
    })
  })
})

test('on one list, neither commit is needed any more, nor a tree that is what it says', async () => {
  await withRig(async (rig) => {
    rig.write('src/a.txt').write('b.txt').commitAll()
    const head = rig.git(['rev-parse', 'HEAD']).trim()
    rig.write('b.txt', 'before the request\n').commitAll()
    const reported = (await rig.reported()) as GitBaseline
    const pair = value(
      await freezeReport(rig.root, reported, commitBaseline(rig.root, head, rig.options), rig.options),
    )
    const dir = path.join(rig.dir, 'session')
    fs.mkdirSync(dir)
    const names = pair.map((one) => saveBaseline(dir, one))
    rig.git(['checkout', '-q', '--orphan', 'squashed'])
    rig.write('src/a.txt', 'work\n').commitAll()
    rig.git(['branch', '-qD', 'main'])
    rig.git(['reflog', 'expire', '--expire=now', '--all'])
    rig.git(['gc', '-q', '--prune=now'])
    expect(() => rig.git(['cat-file', '-e', head])).toThrow()
    const back = names.map((name) => value(loadBaseline(dir, name)))
    expect(changes(await rig.compare(back))).toEqual(['modified src/a.txt'])
    rig.write('src/a.txt')
    expect(changes(await rig.compare(back))).toEqual([])
  })
})

describe('fingerprint and what moved', () => {
  test('equal exactly when the workspace is, also across a commit', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').write('.gitignore', 'out/\n').commitAll()
      const named = [{ glob: 'out/*.js' }]
      const before = await rig.baseline(named)
      const start = await rig.compare(before, named)
      rig.write('a.txt', 'work\n').write('new file.txt')
      const worked = await rig.compare(before, named)
      expect(worked.fingerprint).not.toBe(start.fingerprint)
      expect(movedBetween(start, worked)).toEqual(['a.txt', 'new file.txt'])

      rig.git(['add', '-A'])
      rig.git(['commit', '-qm', 'work'])
      const committed = await rig.compare(before, named)
      expect(committed.fingerprint).toBe(worked.fingerprint)

      rig.write('out/x.map')
      expect((await rig.compare(before, named)).fingerprint).toBe(worked.fingerprint)
      rig.write('out/x.js')
      const built = await rig.compare(before, named)
      expect(movedBetween(worked, built)).toEqual(['out/x.js'])

      rig.rm('out').rm('new file.txt').write('a.txt')
      expect((await rig.compare(before, named)).fingerprint).toBe(start.fingerprint)
    })
  })

  test('a second edit of the same file and a flip of its mode move it', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll()
      const before = await rig.baseline()
      rig.write('a.txt', 'one\n')
      const one = await rig.compare(before)
      rig.write('a.txt', 'two\n')
      const two = await rig.compare(before)
      fs.chmodSync(rig.path('a.txt'), 0o755)
      const three = await rig.compare(before)
      rig.write('a.txt')
      fs.chmodSync(rig.path('a.txt'), 0o644)
      const back = await rig.compare(before)
      expect([one, two, three, back].map((to, at, all) => movedBetween(all[at - 1] ?? to, to))).toEqual([
        [],
        ['a.txt'],
        ['a.txt'],
        ['a.txt'],
      ])
    })
  })
})

describe('ignored files that evidence names', () => {
  const setUp = { '.gitignore': 'dist/\n*.log\n', 'src/.gitignore': 'cache/\n' }
  test.each([
    ['a path', { path: 'dist/app.js' }, 'dist/app.js', true],
    ['a directory', { path: 'dist' }, 'dist/deep/app.js', true],
    ['a glob below an ignored directory', { glob: 'dist/**/*.js' }, 'dist/deep/app.js', true],
    ['another file of that directory', { glob: 'dist/**/*.js' }, 'dist/app.map', false],
    ['an ignored file by its name', { path: 'run.log' }, 'run.log', true],
    ['a cache below a directory that is not ignored', { glob: 'src/**' }, 'src/cache/x', false],
    ['everything', { glob: '**/*' }, 'dist/app.js', false],
    ['modules below a named directory', { glob: 'dist/**' }, 'dist/node_modules/m/i.js', false],
    ['modules that are named', { glob: 'dist/node_modules/**' }, 'dist/node_modules/m/i.js', true],
  ])('%s', async (_name, named, file, seen) => {
    await withRig(async (rig) => {
      for (const [name, content] of Object.entries(setUp)) rig.write(name, content)
      rig.write('src/a.ts').commitAll()
      rig.write(file, 'old\n')
      const before = await rig.baseline([named])
      expect(changes(await rig.compare(before, [named]))).toEqual([])
      rig.write(file, 'new\n')
      expect(changes(await rig.compare(before, [named]))).toEqual(seen ? [`modified ${file}`] : [])
      rig.rm(file)
      expect(changes(await rig.compare(before, [named]))).toEqual(seen ? [`removed ${file}`] : [])
    })
  })

  test('named only later: not known is not changed', async () => {
    await withRig(async (rig) => {
      rig.write('.gitignore', 'dist/\n').commitAll().write('dist/app.js')
      const before = await rig.baseline()
      const named = [{ path: 'dist/app.js' }]
      rig.write('dist/app.js', 'new\n')
      expect(await rig.compare(before, named)).toMatchObject({ changes: [], unknown: ['dist/app.js'] })
    })
  })

  test('a glob base that looks like pathspec magic', async () => {
    await withRig(async (rig) => {
      rig.write('.gitignore', '/:(top)out/\n').commitAll()
      const named = [{ path: ':(top)out' }]
      const before = await rig.baseline(named)
      rig.write(':(top)out/x')
      expect(changes(await rig.compare(before, named))).toEqual(['added :(top)out/x'])
    })
  })
})

describe('baseline files', () => {
  test('come back as they were saved', async () => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll().write('__proto__').write('ü\n')
      const baseline = await rig.baseline([{ glob: '**/*' }])
      const sha = saveBaseline(rig.dir, baseline)
      expect(saveBaseline(rig.dir, baseline)).toBe(sha)
      const back = value(loadBaseline(rig.dir, sha))
      expect(back).toEqual(baseline)
      rig.write('ü\n', 'other\n')
      expect(changes(await rig.compare(back))).toEqual(['modified ü\n'])
    })
  })

  const damage: Record<string, [(file: string) => void, string]> = {
    removed: [(file) => fs.rmSync(file), 'baseline-missing'],
    'cut short': [(file) => fs.truncateSync(file, 30), 'baseline-changed'],
    'other content': [(file) => fs.writeFileSync(file, gzipSync('{}')), 'baseline-changed'],
    'a directory': [
      (file) => {
        fs.rmSync(file)
        fs.mkdirSync(file)
      },
      'baseline-changed',
    ],
    'a link to the same content': [
      (file) => {
        fs.renameSync(file, `${file}.away`)
        fs.symlinkSync(`${file}.away`, file)
      },
      'baseline-changed',
    ],
    'one byte of the content': [
      (file) => {
        const json = gunzipSync(fs.readFileSync(file)).toString().replace('"f"', '"x"')
        fs.writeFileSync(file, gzipSync(json))
      },
      'baseline-changed',
    ],
  }
  test.each(Object.entries(damage))('%s', async (_name, [harm, code]) => {
    await withRig(async (rig) => {
      rig.write('a.txt').commitAll().write('b.txt')
      const sha = saveBaseline(rig.dir, await rig.baseline())
      harm(baselineFile(rig.dir, sha))
      expect(loadBaseline(rig.dir, sha)).toMatchObject({ ok: false, error: { code } })
    })
  })

  const entry = ['a.txt', 'f', 'ab', '']
  const good = { kind: 'plain', entries: [entry], named: [{ path: 'a' }] }
  test.each<[string, unknown, boolean]>([
    ['as it should be', good, true],
    ['null', null, false],
    ['another kind', { ...good, kind: 'svn' }, false],
    ['a path upwards', { ...good, entries: [['../a', 'f', 'ab', '']] }, false],
    ['a path through a parent', { ...good, entries: [['a/../../b', 'f', 'ab', '']] }, false],
    ['an absolute path', { ...good, entries: [['/etc/passwd', 'f', 'ab', '']] }, false],
    ['a NUL', { ...good, entries: [['a\0b', 'f', 'ab', '']] }, false],
    ['an unknown type', { ...good, entries: [['a', 'q', 'ab', '']] }, false],
    ['no entries', { ...good, entries: {} }, false],
    [
      'an option as commit',
      { ...good, kind: 'git', commit: '--output=x', format: 'sha1', settings: {}, sparse: null },
      false,
    ],
  ])('foreign JSON: %s', (_name, json, accepted) => {
    expect(parseBaseline(json).ok).toBe(accepted)
  })

  test('a name that is no hash opens nothing', () => {
    expect(loadBaseline(path.join('/'), `../${sha256('x').slice(3)}`)).toMatchObject({ ok: false })
  })
})
