import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { found } from '../../../src/detect/found.ts'
import { gatesForNotice } from '../../../src/setup/install/measured.ts'
import { filesToBreak } from '../../../src/setup/install/noticing.ts'
import { type Installed, equip, message, withLab } from '../../rig/installed.ts'
import { long } from '../../rig/long.ts'
import { projectRoot } from '../../rig/root.ts'
import { startTerminal } from '../../rig/tui.ts'

const withProgram = (program: string, use: (lab: Installed) => Promise<void>): Promise<void> =>
  withLab(
    {
      repoFiles: {
        'package.json': JSON.stringify({ scripts: { test: 'node test/run.js' } }),
        'package-lock.json': '{"lockfileVersion": 3, "packages": {}}',
        'src/large.js': `exports.large = ${JSON.stringify('x'.repeat(100))}\n`,
        'src/small.js': 'exports.small = 1\n',
        'test/run.js': program,
      },
      script: () => [message('nobody asks me')],
    },
    async (lab) => {
      const installed = equip(lab)
      await installed.json(['bootstrap', '--trust'])
      await use(installed)
    },
  )

/** What is left of copies. */
const copies = (lab: Installed): string[] => fs.readdirSync(path.join(lab.userHome, '.cache/autonomous-loop'))

test('tests that look at no source: the config is written all the same, and it is said and kept', async () => {
  await withProgram('require("node:assert").equal(1, 1)\n', async (lab) => {
    const answer = await lab.json(['install-repo', '--repo', lab.repo, '--measure'])
    const files = ['src/large.js', 'src/small.js']
    expect(answer).toMatchObject({ approved: true, noticing: { kind: 'unnoticed', files, gates: ['test'] } })
    expect(answer.notes).toEqual([
      expect.stringMatching(
        /^these gates do not notice a broken source: test .*src\/large\.js, src\/small\.js$/,
      ),
    ])
    expect(lab.git('status', '--porcelain', 'src', 'test')).toBe('')
    expect(copies(lab)).toEqual([])
    const [approval = ''] = fs.readdirSync(path.join(lab.home, 'approved'))
    expect(JSON.parse(fs.readFileSync(path.join(lab.home, 'approved', approval), 'utf8'))).toMatchObject({
      unnoticed: files,
    })
    expect(await lab.json(['allow', '--dry-run'])).toMatchObject({ already_approved: true })
    await lab.json(['allow'], 0, { PATH: `${lab.env()['PATH']}:/usr/sbin` })
    const task = '{"id": "T1", "title": "work", "evidence": [{"kind": "pathChanged", "glob": "src/**"}]}'
    const enable = ['request', 'enable', '--cwd', lab.repo, '--objective', 'work', '--task-json', task]
    const session = ['--session-id', '019b0000-0000-7000-8000-000000000001']
    await lab.json([...enable, ...session])
    const said = /these gates do not notice a broken source \(each was broken in a copy\): src\/large\.js/i
    expect((await lab.json(['status'])).sessions).toMatchObject([{ unnoticed: files }])
    expect((await lab.cli(['status', '--text'])).stdout.replaceAll(/\s+/g, ' ')).toMatch(said)
    expect(await lab.json(['report', '--json'])).toMatchObject({ unnoticed: files })
    expect((await lab.cli(['report', '--md'])).stdout).toMatch(said)
    // One that is noticed now takes the word back.
    lab.write('test/run.js', 'require("../src/small.js")\n')
    expect(await lab.json(['install-repo', '--repo', lab.repo, '--measure', '--force'])).toMatchObject({
      noticing: { kind: 'noticed' },
    })
    expect((await lab.json(['status'])).sessions).toMatchObject([{ unnoticed: [] }])
  })
})

if (long)
  test('one broken source that is noticed is enough, and what fails in a copy says nothing', async () => {
    await withProgram('require("../src/small.js")\n', async (lab) => {
      const answer = await lab.json(['install-repo', '--repo', lab.repo, '--measure'])
      expect(answer).toMatchObject({
        notes: [],
        noticing: { kind: 'noticed', file: 'src/small.js', by: 'test' },
      })
      lab.write(
        'test/run.js',
        `if (__dirname !== ${JSON.stringify(path.join(lab.repo, 'test'))}) process.exit(1)\n`,
      )
      expect(await lab.json(['install-repo', '--repo', lab.repo, '--measure', '--force'])).toMatchObject({
        noticing: { kind: 'not-looked', why: 'fails-in-copy' },
      })
    })
  })

if (long)
  test('Ctrl-C while a source is broken: nothing is written, and no copy is left', async () => {
    const hangs = `if (require("node:fs").readFileSync("src/large.js", "utf8").includes("broken here")) setInterval(() => undefined, 60_000)\n`
    await withProgram(hangs, async (lab) => {
      const argv = [process.execPath, path.join(projectRoot, 'bin/autonomous-loop.js'), 'install-repo']
      const terminal = startTerminal(lab, [...argv, '--repo', lab.repo, '--measure'])
      await terminal.shows(/running the tests with src\/large\.js broken in a copy/)
      terminal.type('\u0003')
      await terminal.shows(/was interrupted; nothing was written/)
      expect(await terminal.ended).toBe(130)
      expect(fs.existsSync(path.join(lab.repo, '.codex/autoloop.project.json'))).toBe(false)
      expect(copies(lab)).toEqual([])
    })
  })

test('the largest sources are broken, at most five, and no test, setting or foreign code', () => {
  const of = (...names: string[]) => filesToBreak(names.map((name, at) => ({ path: name, bytes: 10 + at })))
  expect(of('a.js', 'src/b.ts', 'c.py', 'd.go', 'e.rs', 'lib/f.rb')).toEqual([
    'lib/f.rb',
    'e.rs',
    'd.go',
    'c.py',
    'src/b.ts',
  ])
  expect(
    of(
      'README.md',
      'a.test.js',
      'x/b_test.go',
      'test_c.py',
      'x/test_d.py',
      'tests/e.py',
      'src/__tests__/f.ts',
      'jest.config.js',
      'types.d.ts',
      'vendor/g.php',
      'dist/h.js',
      'conftest.py',
      '.github/i.js',
      'spec/j_spec.rb',
      'k.min.js',
    ),
  ).toEqual([])
  expect(of('src/contest.py', 'latest/a.js', 'src/attest.go')).toHaveLength(3)
  expect(filesToBreak([{ path: 'empty.py', bytes: 0 }])).toEqual([])
})

test.each([
  ['a type check and no test', [['lint', { fast: true }, 1]], 'no-test-gate'],
  [
    'a test',
    [
      ['lint', { fast: true }, 1],
      ['test', { tests: true }, 1],
    ],
    ['test'],
  ],
  [
    'a build before it',
    [
      ['build', {}, 1],
      ['test', { tests: true }, 1],
    ],
    ['build', 'test'],
  ],
  ['a slow test', [['test', { tests: true }, 120_001]], 'too-slow'],
  [
    'a slow test and a quick one',
    [
      ['unit', { tests: true }, 1],
      ['test', { tests: true }, 120_001],
    ],
    ['unit'],
  ],
  [
    'a slow build',
    [
      ['build', {}, 120_001],
      ['test', { tests: true }, 1],
    ],
    'too-slow',
  ],
] as const)('%s', (_name, gates, expected) => {
  const commands = gates.map(([name, more]) =>
    found({ name, argv: ['x'], file: 'x', evidence: 'x', reason: 'x', ...more }),
  )
  const measured = gates.map(([name, , durationMs]) => ({
    name,
    outcome: 'passes' as const,
    durationMs,
    detail: null,
    network: 'loopback' as const,
    above: null,
    place: 'clean-room' as const,
    notInRoom: null,
    lacks: [],
    copy: [],
  }))
  const names = (all: boolean) => {
    const chosen = gatesForNotice(commands, measured, all)
    return typeof chosen === 'string' ? chosen : chosen.map((one) => one.name)
  }
  expect(names(false)).toEqual(expected)
  // Asked for, time is no reason.
  expect(names(true)).not.toBe('too-slow')
})
