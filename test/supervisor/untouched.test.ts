import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { long, sampleOf } from '../rig/long.ts'
import { besidesPublished, pictureOf, setTraps } from './person.ts'
import { type Ran, type ScriptedTurn, type Site, type SiteParts, item, makeSite } from './rig.ts'

/* The person's repository, compared byte for byte before and after batches of every outcome. */

let site: Site | undefined
afterEach(() => site?.remove())

const WRITES: ScriptedTurn = { steps: [{ write: 'src/cart.txt', text: 'cart\n' }] }
const BLOCKED: ScriptedTurn = { answer: { status: 'blocked', summary: 'no' } }

function make(parts: Partial<SiteParts> = {}): Site {
  site = makeSite({
    items: { '001-cart.md': item({ title: 'Add a cart' }), '002-other.md': item({ title: 'Another' }) },
    script: { '001': [WRITES], '002': [BLOCKED] },
    ...parts,
  })
  return site
}

interface Watched {
  readonly ran: Ran
  /** All that differs and is more than the published branch. */
  readonly changed: string[]
}

async function watched(one: Site, work: () => Promise<Ran>, gitDir = 'repo/.git'): Promise<Watched> {
  const picture = (): ReturnType<typeof pictureOf> =>
    new Map(
      [...pictureOf(one.dir)].filter(([name]) => /^(?:repo|linked|user\/\.gitconfig)(?:\/|$)/.test(name)),
    )
  const before = picture()
  const ran = await work()
  return { ran, changed: besidesPublished(before, picture(), gitDir) }
}

/** Linked worktrees, a stash, staged, changed and untracked files, a merge nobody finished, traps everywhere. */
function lived(one: Site): { readonly ran: () => string } {
  one.git('worktree', 'add', '-q', '-b', 'side', one.at('linked'))
  fs.writeFileSync(one.at('linked/src/a.txt'), 'side, unsaved\n')
  one.write('src/a.txt', 'stashed\n')
  one.git('stash', 'push', '-q')
  one.write('.gitignore', 'ignored\n')
  one.git('add', '.gitignore')
  one.write('src/a.txt', 'changed\n')
  one.write('untracked.txt', 'untracked\n')
  one.write('ignored', 'ignored\n')
  fs.symlinkSync('/nowhere', path.join(one.repo, 'dangling'))
  fs.chmodSync(path.join(one.repo, 'untracked.txt'), 0o600)
  one.git('tag', 'v1')
  one.git('notes', 'add', '-m', 'note', 'HEAD')
  one.git('branch', 'autonomous-loop')
  one.git('pack-refs', '--all')
  fs.writeFileSync(path.join(one.repo, '.git/info/exclude'), 'excluded\n')
  const traps = setTraps(path.join(one.repo, '.git'), one.at('traps'), (...args) => one.git(...args))
  fs.copyFileSync(path.join(one.repo, '.git/config'), one.at('user/.gitconfig'))
  return traps
}

test('every outcome leaves a lived-in repository as it is, and none of its hooks, filters and programs runs', async () => {
  const one = make({
    files: { 'check.sh': 'test ! -e src/red.txt && test ! -e src/bad.txt\n', 'src/red.txt': 'red\n' },
  })
  const traps = lived(one)
  const clean = { changed: [] as string[], trace: '' }
  const after = async (work: () => Promise<Ran>): Promise<object> => {
    const { ran, changed } = await watched(one, work)
    return { code: ran.code, changed, trace: traps.ran() }
  }
  expect(await one.cli(['allow'])).toMatchObject({ code: 0 })
  expect(await after(() => one.cli(['run', '--json']))).toEqual({ code: 1, ...clean })
  expect((await one.cli(['run', '--json'])).stdout).toContain('base-red')
  const hookless = (...args: string[]): string =>
    one.git(
      '-c',
      'core.hooksPath=/dev/null',
      '-c',
      'core.fsmonitor=false',
      '-c',
      'commit.gpgSign=false',
      ...args,
    )
  fs.writeFileSync(path.join(one.repo, '.git/info/attributes'), '')
  hookless('rm', '-q', 'src/red.txt')
  hookless('commit', '-qm', 'green', 'src/red.txt')
  fs.writeFileSync(path.join(one.repo, '.git/info/attributes'), '* filter=trace diff=trace merge=trace\n')
  fs.rmSync(one.at('traps/trace'), { force: true })
  const slow = { steps: [{ write: 'src/cart.txt', text: 'half\n' }, { sh: 'touch ../up; sleep 60' }] }
  one.script({ '001': [slow], '002': [BLOCKED] })
  const begunThen = async (signal: 'SIGINT' | 'SIGKILL'): Promise<Ran> => {
    const running = one.start(['run', '--json'])
    await running.event(({ type }) => type === 'turn-begun')
    running.child.kill(signal)
    return running.done
  }
  if (long) expect(await after(() => begunThen('SIGINT'))).toEqual({ code: 130, ...clean })
  expect(await after(() => begunThen('SIGKILL'))).toEqual({ code: null, ...clean })
  one.script({ '001': [WRITES], '002': [BLOCKED] })
  expect(await after(() => one.cli(['run', '--json']))).toEqual({ code: 5, ...clean })
  one.script({ '002': [{ steps: [{ write: 'src/other.txt', text: 'x' }] }] })
  expect(await after(() => one.cli(['run', '--json', '--retry-parked']))).toEqual({ code: 0, ...clean })
  // Not even a branch, for one that is called autonomous-loop is in the way of its name.
  expect(one.git('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe(
    'refs/heads/autonomous-loop\nrefs/heads/main\nrefs/heads/side\n',
  )
  const refused = await watched(one, () => one.cli(['land', '--merge']))
  expect({ ...refused, ran: refused.ran.code, trace: traps.ran() }).toEqual({
    ran: 1,
    changed: expect.any(Array),
    trace: '',
  })
  expect(refused.ran.stdout).toContain('staged and not committed')
  // The traps are set: whoever runs git as people do is caught.
  one.git('status')
  expect(traps.ran()).toContain('core-fsmonitor')
}, 180_000)

test('a head that an agent moved halts, and nothing of it is shown to the person', async () => {
  const one = make({
    script: {
      '001': [
        {
          steps: [
            { write: 'src/cart.txt', text: 'cart\n' },
            {
              sh: 'G=$(git rev-parse --git-common-dir); T=$(git write-tree); C=$(git -c user.name=x -c user.email=x@y commit-tree -m evil -p HEAD $T); for R in $(git --git-dir=$G for-each-ref --format="%(refname)" refs/autonomous-loop/heads); do git --git-dir=$G update-ref $R $C; done',
            },
          ],
        },
      ],
    },
  })
  await one.cli(['allow'])
  const { ran, changed } = await watched(one, () => one.cli(['run', '--json']))
  expect({ code: ran.code, changed }).toEqual({ code: 7, changed: [] })
  expect(one.git('branch', '--list', 'autonomous-loop/*')).toBe('')
}, 60_000)

/** Makes the repository anew from its files, as a person of another kind would have it. */
function initAgain(one: Site, ...options: string[]): void {
  fs.rmSync(path.join(one.repo, '.git'), { recursive: true })
  one.git('init', '-q', '-b', 'main', ...options)
  one.git('config', 'user.name', 'A Person')
  one.git('config', 'user.email', 'person@example.org')
  one.git('add', '-A')
  one.git('commit', '-qm', 'start')
}

interface Kind {
  readonly name: string
  readonly files?: Readonly<Record<string, string>>
  readonly programs?: readonly string[]
  readonly make: (one: Site) => void
  /** From the repository's root. */
  readonly gitDir?: string
  /** Where the config lies. */
  readonly prefix?: string
  /** Lands too, besides the file that every kind gets. */
  readonly comes?: readonly string[]
  /** What `land --merge` then says; absent: it lands. */
  readonly refuses?: RegExp
}

const KINDS: readonly Kind[] = [
  { name: 'a sha256 repository', make: (one) => initAgain(one, '--object-format=sha256') },
  {
    name: 'a shallow clone',
    make: (one) => {
      for (const nth of ['1', '2', '3']) {
        one.write('src/a.txt', nth)
        one.git('commit', '-qam', nth)
      }
      const from = one.at('origin')
      fs.renameSync(one.repo, from)
      execFileSync('git', ['clone', '-q', '--depth', '1', `file://${from}`, one.repo])
      one.git('config', 'user.name', 'A Person')
      one.git('config', 'user.email', 'person@example.org')
    },
  },
  {
    name: 'a detached HEAD',
    make: (one) => one.git('checkout', '-q', '--detach'),
    refuses: /HEAD was detached/,
  },
  {
    name: 'a sparse checkout',
    files: { 'docs/long.txt': 'long\n' },
    make: (one) => one.git('sparse-checkout', 'set', 'src', '.codex'),
    refuses: /sparse checkout/,
  },
  {
    name: 'core.autocrlf and text attributes',
    files: { '.gitattributes': '*.txt text\n*.sh eol=lf\n*.bin -text\n', 'src/c.bin': 'a\nb\n' },
    make: (one) => {
      one.git('config', 'core.autocrlf', 'true')
      one.git('rm', '-rq', '--cached', '.')
      one.git('reset', '-q', '--hard')
      expect(fs.readFileSync(path.join(one.repo, 'src/a.txt'), 'utf8')).toBe('a\r\n')
    },
  },
  {
    name: 'core.fileMode false',
    make: (one) => {
      one.git('config', 'core.fileMode', 'false')
      fs.chmodSync(path.join(one.repo, 'check.sh'), 0o755)
    },
  },
  {
    name: 'a branch with the name of what is published',
    make: (one) => one.git('branch', 'autonomous-loop'),
  },
  {
    name: 'a git directory elsewhere',
    make: (one) => one.git('init', '-q', '--separate-git-dir', one.at('linked')),
    gitDir: 'linked',
  },
  {
    name: 'an untracked cache, a split index and a file system monitor of git',
    make: (one) => {
      one.git('config', 'core.untrackedCache', 'true')
      one.git('config', 'core.splitIndex', 'true')
      one.git('update-index', '--split-index', '--untracked-cache')
      one.git('status')
    },
  },
  {
    name: 'alternates and grafted history',
    make: (one) => {
      fs.renameSync(one.repo, one.at('origin'))
      execFileSync('git', ['clone', '-q', '--shared', one.at('origin'), one.repo])
      one.git('config', 'user.name', 'A Person')
      one.git('config', 'user.email', 'person@example.org')
      one.git('commit', '-q', '--allow-empty', '-m', 'more')
      one.git('replace', '--graft', 'HEAD')
    },
  },
  {
    name: 'large files of git-lfs',
    programs: ['git-lfs'],
    files: { '.gitattributes': '*.big filter=lfs diff=lfs merge=lfs -text\n' },
    make: (one) => {
      one.git('lfs', 'install', '--local')
      one.write('src/a.big', 'large\n'.repeat(1000))
      one.git('add', '-A')
      one.git('commit', '-qm', 'large')
      one.script({
        '001': [{ steps: [...WRITES.steps!, { write: 'src/new.big', text: 'new\n'.repeat(1000) }] }],
        '002': [BLOCKED],
      })
    },
    comes: ['src/new.big'],
  },
  {
    name: 'the backlog below its top',
    prefix: 'part/',
    make: (one) => {
      fs.mkdirSync(one.at('packed'))
      for (const name of fs.readdirSync(one.repo))
        if (name !== '.git') fs.renameSync(path.join(one.repo, name), one.at('packed', name))
      fs.renameSync(one.at('packed'), path.join(one.repo, 'part'))
      one.write('other/b.txt', 'b\n')
      one.git('add', '-A')
      one.git('commit', '-qm', 'part')
    },
  },
]

// One that git would write otherwise, and one below its top.
describe.each(sampleOf(KINDS, 7, 4))(
  '$name',
  ({ files = {}, programs = [], make: build, gitDir = 'repo/.git', prefix = '', comes = [], refuses }) => {
    test('stays as it is until it lands, and then nothing but the work has come', async () => {
      const one = make({ files, programs })
      build(one)
      const cli = (args: readonly string[]): Promise<Ran> => one.cli(args, {}, path.join(one.repo, prefix))
      expect(await cli(['allow'])).toMatchObject({ code: 0 })
      const { ran, changed } = await watched(one, () => cli(['run', '--json']), gitDir)
      expect({ code: ran.code, stderr: ran.stderr, changed }).toEqual({ code: 5, stderr: '', changed: [] })
      const status = one.git('status', '--porcelain')
      const before = new Set(
        [...pictureOf(one.repo)].flatMap(([file, seen]) =>
          /^\.git\b/.test(file) ? [] : [`${file} ${seen}`],
        ),
      )
      const landed = await cli(['land', '--merge'])
      const came = [...pictureOf(one.repo)].flatMap(([file, seen]) =>
        /^\.git\b/.test(file) || before.has(`${file} ${seen}`) ? [] : [file],
      )
      if (refuses !== undefined) {
        expect({ code: landed.code, said: landed.stdout + landed.stderr, came }).toEqual({
          code: 1,
          said: expect.stringMatching(refuses),
          came: [],
        })
        return
      }
      expect({
        code: landed.code,
        said: landed.code === 0 ? '' : landed.stdout + landed.stderr,
        came,
      }).toEqual({ code: 0, said: '', came: [`${prefix}src`, `${prefix}src/cart.txt`, ...comes] })
      expect(one.git('status', '--porcelain')).toBe(status)
      expect(one.git('show', `HEAD:${prefix}src/cart.txt`)).toBe('cart\n')
      one.git('fsck', '--strict')
      if (comes.includes('src/new.big')) {
        expect(one.git('show', 'HEAD:src/new.big')).toContain('git-lfs.github.com')
        expect(fs.readFileSync(path.join(one.repo, 'src/new.big'), 'utf8')).toBe('new\n'.repeat(1000))
        expect(one.git('lfs', 'fsck')).toContain('OK')
      }
    }, 60_000)
  },
)

if (long)
  test('a batch that is started in a linked worktree lands there, and the main one stays as it is', async () => {
    const one = make()
    one.git('worktree', 'add', '-q', '-b', 'side', one.at('linked'))
    one.write('src/a.txt', 'unsaved\n')
    const cli = (args: readonly string[]): Promise<Ran> => one.cli(args, {}, one.at('linked'))
    expect(await cli(['allow'])).toMatchObject({ code: 0 })
    const { ran, changed } = await watched(one, () => cli(['run', '--json']))
    expect({ code: ran.code, stderr: ran.stderr, changed }).toEqual({ code: 5, stderr: '', changed: [] })
    const landed = await watched(one, () => cli(['land', '--merge']))
    expect({ code: landed.ran.code, changed: landed.changed }).toEqual({
      code: 0,
      changed: [
        'linked/src',
        'linked/src/cart.txt',
        'repo/.git/logs/refs/heads/side',
        'repo/.git/refs/heads/side',
        'repo/.git/worktrees/linked',
        'repo/.git/worktrees/linked/index',
        'repo/.git/worktrees/linked/logs/HEAD',
      ],
    })
    expect(one.git('-C', one.at('linked'), 'status', '--porcelain')).toBe('')
    expect(one.git('status', '--porcelain')).toBe(' M src/a.txt\n')
  }, 60_000)

if (long)
  test('a further batch begins with the branches and tags that the person has by then', async () => {
    const one = make({ items: { '001-cart.md': item({ title: 'Add a cart' }) } })
    one.git('branch', 'gone')
    await one.cli(['allow'])
    expect(await one.cli(['run', '--json'])).toMatchObject({ code: 0 })
    one.git('branch', '-D', 'gone')
    one.git('commit', '-q', '--allow-empty', '-m', 'later')
    one.git('tag', 'later')
    one.write('.codex/backlog/002-other.md', item({ title: 'Another' }))
    one.script({ '002': [{ steps: [{ write: 'src/other.txt', text: 'x' }] }], '001': [WRITES] })
    await one.cli(['allow'])
    expect(await one.cli(['run', '--json', '--new'])).toMatchObject({ code: 0 })
    const of = (gitDir: string): string =>
      execFileSync(
        'git',
        [
          '--git-dir',
          gitDir,
          'for-each-ref',
          '--format=%(refname) %(objectname)',
          'refs/heads/main',
          'refs/heads/gone',
          'refs/tags',
        ],
        { encoding: 'utf8' },
      )
    expect(of(path.join(one.data, fs.readdirSync(one.data)[0]!, 'repo.git'))).toBe(
      of(path.join(one.repo, '.git')),
    )
  }, 60_000)
