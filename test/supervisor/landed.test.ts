import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { long, sampleOf } from '../rig/long.ts'
import { besidesPublished, differing, pictureOf, setTraps } from './person.ts'
import { type Ran, type Site, item, makeSite } from './rig.ts'

/* `land --merge`: what it refuses leaves every byte as it is, and what it does is proved first. */

let site: Site | undefined
afterEach(() => site?.remove())

/** A batch with one item done, whose work is a new file, a changed one, one that is gone, and one that is to be run. */
async function done(files: Readonly<Record<string, string>> = {}): Promise<Site> {
  const one = makeSite({
    items: { '001-cart.md': item({ title: 'Add a cart', scope: '[src/**, src/link]' }) },
    files: {
      'src/old.txt': 'old\n',
      'src/tool.sh': '#!/bin/sh\n',
      'src/lines.txt': '1\n2\n3\n4\n5\n6\n7\n8\n9\n',
      ...files,
    },
    script: {
      '001': [
        {
          steps: [
            { write: 'src/cart.txt', text: 'cart\n' },
            { write: 'src/lines.txt', text: 'one\n2\n3\n4\n5\n6\n7\n8\n9\n' },
            { remove: 'src/old.txt' },
            { sh: 'chmod +x src/tool.sh; ln -s cart.txt src/link' },
          ],
        },
      ],
    },
  })
  site = one
  expect(await one.cli(['allow'])).toMatchObject({ code: 0 })
  const ran = await one.cli(['run', '--json'])
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  return one
}

const DONE = 'A\tsrc/cart.txt\nM\tsrc/lines.txt\nA\tsrc/link\nD\tsrc/old.txt\nM\tsrc/tool.sh\n'

function errorOf(ran: Ran): { readonly code: number | null; readonly error: string } {
  const said = JSON.parse(ran.stdout || '{}') as { readonly error_code?: string; readonly message?: string }
  return { code: ran.code, error: `${said.error_code}: ${said.message}` }
}

test('what stands in its way is said, and every byte stays where it is', async () => {
  const one = await done()
  const may = (...args: string[]): void => {
    try {
      one.git(...args)
    } catch {
      // It stops in the middle, as it is meant to.
    }
  }
  const clean = (): void => {
    one.git('reset', '-q', '--hard')
    one.git('clean', '-qfdx')
  }
  one.git('checkout', '-q', '-b', 'other')
  one.write('src/a.txt', 'other\n')
  one.git('commit', '-qam', 'other')
  one.git('checkout', '-q', 'main')
  const main = one.git('rev-parse', 'main').trim()
  /** What a person has begun, how it is taken back, and what is said of it. */
  const rows: readonly (readonly [string, () => void, () => void, RegExp])[] = [
    ['a changed file', () => one.write('src/a.txt', 'x'), clean, /src\/a\.txt/],
    ['a staged file', () => (one.write('b', 'x'), one.git('add', 'b')), clean, /staged.*: b/],
    ['a removed file', () => fs.rmSync(path.join(one.repo, 'src/a.txt')), clean, /src\/a\.txt/],
    ['another mode', () => fs.chmodSync(path.join(one.repo, 'src/a.txt'), 0o755), clean, /src\/a\.txt/],
    [
      'an untracked file in the way',
      () => one.write('src/cart.txt', 'mine'),
      clean,
      /untracked.*src\/cart\.txt/,
    ],
    [
      'an ignored file in the way',
      () => (
        fs.appendFileSync(path.join(one.repo, '.git/info/exclude'), 'cart.txt\n'),
        one.write('src/cart.txt', 'mine')
      ),
      () => (clean(), fs.writeFileSync(path.join(one.repo, '.git/info/exclude'), '')),
      /untracked.*src\/cart\.txt/,
    ],
    ['a directory in the way', () => one.write('src/cart.txt/mine', 'mine'), clean, /src\/cart\.txt\/mine/],
    ['intent to add', () => (one.write('c', 'x'), one.git('add', '-N', 'c')), clean, /: c/],
    [
      'a file that git is told not to look at',
      () => one.git('update-index', '--assume-unchanged', 'src/a.txt'),
      () => one.git('update-index', '--no-assume-unchanged', 'src/a.txt'),
      /src\/a\.txt/,
    ],
    [
      'git at work',
      () => fs.writeFileSync(path.join(one.repo, '.git/index.lock'), ''),
      () => fs.rmSync(path.join(one.repo, '.git/index.lock')),
      /locked/,
    ],
    [
      'a locked branch',
      () => fs.writeFileSync(path.join(one.repo, '.git/refs/heads/main.lock'), ''),
      () => fs.rmSync(path.join(one.repo, '.git/refs/heads/main.lock')),
      /main/,
    ],
    [
      'a merge',
      () => (one.write('src/a.txt', 'main\n'), one.git('commit', '-qam', 'main'), may('merge', 'other')),
      () => (one.git('merge', '--abort'), one.git('reset', '-q', '--hard', main)),
      /a merge of main/,
    ],
    [
      'a merge without conflicts',
      () => may('merge', '--no-ff', '--no-commit', 'other'),
      () => one.git('merge', '--abort'),
      /a merge of main/,
    ],
    [
      'a rebase',
      () => (one.write('src/a.txt', 'main\n'), one.git('commit', '-qam', 'main'), may('rebase', 'other')),
      () => (one.git('rebase', '--abort'), one.git('reset', '-q', '--hard', main)),
      /main is in progress/,
    ],
    [
      'a bisect',
      () => one.git('bisect', 'start', 'other', 'other~1'),
      () => one.git('bisect', 'reset'),
      /main is in progress/,
    ],
    [
      'a cherry-pick',
      () => (
        one.write('src/a.txt', 'main\n'),
        one.git('commit', '-qam', 'main'),
        may('cherry-pick', 'other')
      ),
      () => (one.git('cherry-pick', '--abort'), one.git('reset', '-q', '--hard', main)),
      /a cherry-pick of main/,
    ],
    [
      'a revert',
      () => (
        one.write('src/a.txt', 'main\n'),
        one.git('commit', '-qam', 'main'),
        one.write('src/a.txt', 'main2\n'),
        one.git('commit', '-qam', 'main2'),
        may('revert', 'HEAD~1')
      ),
      () => (one.git('revert', '--abort'), one.git('reset', '-q', '--hard', main)),
      /a revert of main/,
    ],
    [
      'local changes elsewhere',
      () => (
        one.git('checkout', '-q', '--detach'),
        one.git('worktree', 'add', '-q', one.at('linked'), 'main'),
        fs.writeFileSync(one.at('linked/src/a.txt'), 'x')
      ),
      () => (one.git('worktree', 'remove', '--force', one.at('linked')), one.git('checkout', '-q', 'main')),
      /linked.*src\/a\.txt/,
    ],
    [
      'no such branch any more',
      () => (one.git('checkout', '-q', 'other'), one.git('branch', '-qD', 'main')),
      () => (one.git('branch', '-q', 'main', main), one.git('checkout', '-q', 'main')),
      /land-target-gone/,
    ],
  ]
  for (const [what, begin, takeBack, words] of sampleOf(rows, 4)) {
    begin()
    const before = pictureOf(one.repo)
    const linked = fs.existsSync(one.at('linked')) ? pictureOf(one.at('linked')) : new Map<string, string>()
    const said = errorOf(await one.cli(['land', '--merge']))
    const after = fs.existsSync(one.at('linked')) ? pictureOf(one.at('linked')) : new Map<string, string>()
    // Looking took the lock of the index for a moment.
    const changed = besidesPublished(before, pictureOf(one.repo)).filter(
      (name) => !/^\.git(?:\/worktrees\/linked)?$/.test(name),
    )
    expect({ what, ...said, changed, linked: differing(linked, after) }).toEqual({
      what,
      code: 1,
      error: expect.stringMatching(words),
      changed: [],
      linked: [],
    })
    takeBack()
  }
  expect(one.git('rev-parse', 'main').trim()).toBe(main)
  expect(await one.cli(['land', '--merge'])).toMatchObject({ code: 0 })
  expect(one.git('diff', '--no-renames', '--name-status', main, 'main')).toBe(DONE)
  expect(one.git('status', '--porcelain')).toBe('')
}, 180_000)

test('a target that moved is joined and judged again; the person’s commits stay; no hook runs', async () => {
  const one = await done()
  one.git('worktree', 'add', '-q', '--detach', one.at('linked'))
  one.write('src/lines.txt', '1\n2\n3\n4\n5\n6\n7\n8\nnine\n')
  one.git('commit', '-qam', 'mine')
  one.git('checkout', '-q', '-b', 'elsewhere', 'HEAD~1')
  const traps = setTraps(path.join(one.repo, '.git'), one.at('traps'), (...args) => one.git(...args))
  const before = pictureOf(one.repo)
  expect(await one.cli(['land', '--merge'])).toMatchObject({ code: 0 })
  expect(traps.ran()).toBe('')
  // Nobody has it checked out: nothing but the branch moves.
  expect(besidesPublished(before, pictureOf(one.repo))).toEqual([
    '.git/logs/refs/heads/main',
    '.git/refs/heads/main',
  ])
  const show = (file: string): string =>
    execFileSync('git', ['show', `main:${file}`], { cwd: one.repo, encoding: 'utf8' })
  expect(show('src/lines.txt')).toBe('one\n2\n3\n4\n5\n6\n7\n8\nnine\n')
  expect(one.git('log', '--first-parent', '--format=%s', 'main')).toMatch(/^Land batch .*\nmine\nstart\n$/)
}, 60_000)

test('a join that is red does not land, and one that conflicts ends with 5; nothing is changed', async () => {
  const one = await done({ 'check.sh': 'test ! -e src/cart.txt || test ! -e src/mine.txt\n' })
  const start = one.git('rev-parse', 'HEAD').trim()
  one.write('src/mine.txt', 'mine\n')
  one.git('add', '-A')
  one.git('commit', '-qm', 'red with it')
  const red = pictureOf(one.repo)
  expect(await one.cli(['land', '--merge'])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('test'),
  })
  expect(differing(red, pictureOf(one.repo))).toEqual([])
  one.git('reset', '-q', '--hard', start)
  one.write('src/lines.txt', 'eins\n2\n3\n4\n5\n6\n7\n8\n9\n')
  one.git('commit', '-qam', 'conflict')
  const before = pictureOf(one.repo)
  const ran = await one.cli(['land', '--merge'])
  expect({ code: ran.code, said: JSON.parse(ran.stdout) as object }).toMatchObject({
    code: 5,
    said: { ok: false, kind: 'conflict', paths: ['src/lines.txt'] },
  })
  expect(differing(before, pictureOf(one.repo))).toEqual([])
}, 60_000)

if (long)
  test('a person commits and switches branches while agents work', async () => {
    const one = makeSite({
      items: { '001-cart.md': item({ title: 'Add a cart' }), '002-other.md': item({ title: 'Another' }) },
      script: {
        '001': [
          {
            steps: [
              { write: 'src/cart.txt', text: 'cart\n' },
              { sh: 'while ! test -e ../../../../go; do sleep 0.05; done' },
            ],
          },
        ],
        '002': [{ steps: [{ write: 'src/other.txt', text: 'other\n' }] }],
      },
    })
    site = one
    await one.cli(['allow'])
    const running = one.start(['run', '--json'])
    await running.event(({ type }) => type === 'turn-begun')
    one.git('checkout', '-q', '-b', 'mine')
    one.write('src/mine.txt', 'mine\n')
    one.git('add', '-A')
    one.git('commit', '-qm', 'mine')
    one.git('checkout', '-q', 'main')
    one.write('src/more.txt', 'more\n')
    one.git('add', '-A')
    one.git('commit', '-qm', 'more')
    one.git('checkout', '-q', 'mine')
    one.write('src/dirty.txt', 'dirty\n')
    const before = pictureOf(one.repo)
    fs.writeFileSync(one.at('data/go'), '')
    expect(await running.done).toMatchObject({ code: 0, stderr: '' })
    expect(besidesPublished(before, pictureOf(one.repo))).toEqual([])
    expect(await one.cli(['land', '--merge'])).toMatchObject({ code: 0 })
    expect(one.git('ls-tree', '-r', '--name-only', 'main', 'src')).toBe(
      'src/a.txt\nsrc/cart.txt\nsrc/more.txt\nsrc/other.txt\n',
    )
    expect(one.git('status', '--porcelain')).toBe('?? src/dirty.txt\n')
  }, 60_000)
