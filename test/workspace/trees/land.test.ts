import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import path from 'node:path'
import { bringIn } from '../../../src/workspace/trees/bring-in.ts'
import { land, recoverLand } from '../../../src/workspace/trees/land.ts'
import { writeJournal } from '../../../src/workspace/trees/land-journal.ts'
import { lockTrees } from '../../../src/workspace/trees/land-lock.ts'
import type { OwnRepository } from '../../../src/workspace/trees/types.ts'
import { type Rig, bytesOf, makeRig, must, put, read } from './rig.ts'
import { commitIn } from './head-of.ts'
import { long, sampleOf } from '../../rig/long.ts'

let rig: Rig
let own: OwnRepository
let base: string
let head: string

const FILES = {
  'a.txt': 'one\n',
  'src/b.txt': 'two\n',
  'dir/file': 'x\n',
  turns: 'a file\n',
  '.gitignore': '*.log\n',
}
const AFTER = {
  'a.txt': 'landed\n',
  'new/c.txt': 'three\n',
  'turns/inner': 'a directory\n',
  'src/b.txt': 'two\n',
  '.gitignore': '*.log\n',
}

beforeEach(async () => {
  rig = makeRig(FILES)
  base = rig.git('rev-parse', 'HEAD')
  own = await rig.open()
  must(await bringIn(own, base))
  head = await commitIn(own, base, AFTER)
})
afterEach(() => rig.remove())

const options = () => ({ target: 'main', head, expected: base })
const now = (): string => rig.git('rev-parse', 'refs/heads/main')
const locks = (): string[] =>
  Object.keys(bytesOf(rig.at('person/.git'))).filter((one) => one.endsWith('.lock'))

function content(): Record<string, string> {
  return Object.fromEntries(Object.entries(bytesOf(rig.top)).filter(([one]) => !one.startsWith('.git/')))
}

async function refused(words: RegExp): Promise<void> {
  const before = bytesOf(rig.dir)
  const said = await land(own, options())
  expect(said).toMatchObject({ error: { code: 'land-refused', message: expect.stringMatching(words) } })
  const differing = Object.entries(bytesOf(rig.dir))
    .filter(([one, bytes]) => before[one] !== bytes)
    .map(([one]) => one)
  // Objects may have come; nothing else did.
  expect(
    differing.filter((one) => !one.startsWith('person/.git/objects/') && !one.startsWith('data/')),
  ).toEqual([])
}

describe('landing', () => {
  it('moves the branch, the files and the index of the checkout', async () => {
    put(path.join(rig.top, 'untracked.log'), 'mine\n')
    expect(must(await land(own, options()))).toEqual({ kind: 'landed', trees: [rig.top] })
    expect(now()).toBe(head)
    expect(content()).toEqual({ ...AFTER, 'untracked.log': 'mine\n' })
    expect(rig.git('status', '--porcelain')).toBe('')
    expect(rig.git('fsck', '--full')).toBe('')
    expect(locks()).toEqual([])
    expect(must(await land(own, options()))).toEqual({ kind: 'landed', trees: [] })
  })

  it('moves every checkout of the branch, and none of another', async () => {
    rig.git('checkout', '-q', '--detach')
    rig.git('worktree', 'add', '-q', '-f', rig.at('second'), 'main')
    rig.git('worktree', 'add', '-q', '-f', rig.at('third'), 'main')
    rig.git('worktree', 'add', '-q', '-b', 'other', rig.at('fourth'))
    fs.rmSync(rig.at('third'), { recursive: true })
    expect(must(await land(own, options()))).toEqual({ kind: 'landed', trees: [rig.at('second')] })
    expect(read(rig.at('second'), 'a.txt')).toBe('landed\n')
    expect(rig.gitIn(rig.at('second'), 'status', '--porcelain')).toBe('')
    for (const one of [rig.top, rig.at('fourth')]) expect(read(one, 'a.txt')).toBe('one\n')
  })

  it('runs no hook, filter or program that the person’s repository names', async () => {
    const script = rig.at('script')
    put(script, `#!/bin/sh\ntouch ${rig.at('ran')}\ncat\n`)
    fs.chmodSync(script, 0o755)
    for (const hook of [
      'post-checkout',
      'reference-transaction',
      'post-merge',
      'post-index-change',
      'pre-auto-gc',
    ])
      fs.copyFileSync(script, rig.at('person/.git/hooks', hook))
    rig.git('config', 'core.fsmonitor', script)
    rig.git('config', 'filter.x.smudge', script)
    put(rig.at('person/.git/info/attributes'), '* filter=x\n')
    fs.rmSync(rig.at('ran'), { force: true })
    must(await land(own, options()))
    expect(now()).toBe(head)
    expect(fs.existsSync(rig.at('ran'))).toBe(false)
  })

  if (long)
    it('says where the target is when it is elsewhere or gone', async () => {
      rig.write('later', 'x\n')
      const later = rig.commit('later')
      expect(must(await land(own, options()))).toEqual({ kind: 'moved', now: later })
      expect(must(await land(own, { ...options(), target: 'gone' }))).toEqual({ kind: 'moved', now: null })
    })
})

describe('landing is refused, and nothing changes', () => {
  it('while a tracked file differs, also one that the head leaves alone', async () => {
    put(path.join(rig.top, 'src/b.txt'), 'mine\n')
    await refused(/src\/b\.txt/)
  })

  if (long)
    it('while something is staged', async () => {
      put(path.join(rig.top, 'a.txt'), 'mine\n')
      rig.git('add', 'a.txt')
      put(path.join(rig.top, 'a.txt'), 'one\n')
      await refused(/staged.*a\.txt/)
    })

  it('while an untracked or an ignored file stands where one would come', async () => {
    put(path.join(rig.top, 'new/c.txt'), 'mine\n')
    await refused(/new\/c\.txt/)
    fs.rmSync(path.join(rig.top, 'new'), { recursive: true })
    head = await commitIn(own, base, { ...AFTER, 'made.log': 'x\n' })
    put(path.join(rig.top, 'made.log'), 'mine\n')
    await refused(/made\.log/)
    fs.rmSync(path.join(rig.top, 'made.log'))
    head = await commitIn(own, base, { ...AFTER, 'made.log/inner': 'x\n', 'src/b.txt': 'two\n' })
    put(path.join(rig.top, 'made.log'), 'mine\n')
    await refused(/made\.log/)
    fs.rmSync(path.join(rig.top, 'made.log'))
    const { 'src/b.txt': _gone, ...rest } = AFTER
    head = await commitIn(own, base, { ...rest, src: 'a file\n' })
    put(path.join(rig.top, 'src/some.log'), 'mine\n')
    await refused(/src\/some\.log/)
  })

  it('while git is told not to look at a file', async () => {
    rig.git('update-index', '--skip-worktree', 'src/b.txt')
    await refused(/src\/b\.txt/)
  })

  it('while a git is at work on the index', async () => {
    put(rig.at('person/.git/index.lock'), '')
    await refused(/index\.lock/)
    expect(locks()).toEqual(['index.lock'])
  })

  if (long)
    it('while one of two checkouts is dirty', async () => {
      rig.git('worktree', 'add', '-q', '-f', rig.at('second'), 'main')
      put(rig.at('second/a.txt'), 'mine\n')
      await refused(/second/)
      expect(locks()).toEqual([])
    })

  it.each(
    sampleOf(
      [
        ['a merge', () => rig.git('merge', '-q', '--no-commit', '--no-ff', 'side')],
        ['a cherry-pick', () => fails(() => rig.git('cherry-pick', 'clash'))],
        ['a rebase', () => fails(() => rig.git('rebase', '-q', 'clash'))],
        ['a bisect', () => rig.git('bisect', 'start')],
      ] as const,
      4,
    ),
  )('in the middle of %s', async (what, begin) => {
    branch('side', 'side.txt')
    branch('clash', 'a.txt')
    rig.write('a.txt', 'main\n')
    base = rig.commit('main')
    must(await bringIn(own, base))
    head = await commitIn(own, base, AFTER)
    begin()
    await refused(new RegExp(what))
  })

  it('when the head does not hold the target', async () => {
    expect(
      await land(own, { target: 'main', head: await commitIn(own, null, AFTER), expected: base }),
    ).toMatchObject({
      error: { code: 'land-refused' },
    })
    expect(now()).toBe(base)
  })

  it('and the files come back when the branch cannot be moved', async () => {
    const lock = rig.at('person/.git/refs/heads/main.lock')
    put(lock, '')
    const said = await land(own, options())
    expect(said).toMatchObject({ error: { code: 'land-refused', message: expect.stringMatching(/lock/) } })
    expect(content()).toEqual(FILES)
    expect(locks()).toEqual(['refs/heads/main.lock'])
    fs.rmSync(lock)
    expect(now()).toBe(base)
    expect(rig.git('status', '--porcelain')).toBe('')
  })
})

describe('a landing that was cut short', () => {
  const cut = (phase: 'begun' | 'moving') => {
    const trees = [{ top: rig.top, gitDir: rig.at('person/.git') }]
    const journal = { ...options(), trees, token: 'autonomous-loop test\n', phase }
    writeJournal(own, journal)
    must(lockTrees(journal))
  }

  if (long)
    it('before it moved anything is begun anew', async () => {
      cut('begun')
      put(path.join(rig.top, 'a.txt'), 'mine\n')
      must(await recoverLand(own))
      expect(locks()).toEqual([])
      expect(read(rig.top, 'a.txt')).toBe('mine\n')
    })

  it('between two files, in the middle of one, ends as if it had not been', async () => {
    must(await sendHead())
    cut('moving')
    fs.writeFileSync(path.join(rig.top, 'a.txt'), 'lan')
    fs.rmSync(path.join(rig.top, 'turns'))
    put(path.join(rig.top, 'turns/inner'), 'a directory\n')
    must(await recoverLand(own))
    expect(now()).toBe(head)
    expect(content()).toEqual(AFTER)
    expect(rig.git('status', '--porcelain')).toBe('')
    expect(locks()).toEqual([])
  })

  it('after the branch moved only gives back the locks', async () => {
    must(await land(own, options()))
    cut('moving')
    must(await recoverLand(own))
    expect(content()).toEqual(AFTER)
    expect(rig.git('status', '--porcelain')).toBe('')
    expect(locks()).toEqual([])
  })

  it('touches nothing where a person went on in one of the files', async () => {
    must(await sendHead())
    cut('moving')
    fs.writeFileSync(path.join(rig.top, 'a.txt'), 'mine\n')
    expect(await recoverLand(own)).toMatchObject({
      error: { code: 'land-refused', message: expect.stringMatching(/a\.txt/) },
    })
    expect(content()).toEqual({ ...FILES, 'a.txt': 'mine\n' })
    // The person takes the lock away, and the work tree is the person's again.
    fs.rmSync(rig.at('person/.git/index.lock'))
    must(await recoverLand(own))
    expect(now()).toBe(base)
    expect(content()).toEqual({ ...FILES, 'a.txt': 'mine\n' })
  })
})

const sendHead = async () => (await import('../../../src/workspace/trees/publish.ts')).sendObjects(own, head)

function branch(name: string, file: string): void {
  rig.git('checkout', '-q', '-b', name)
  rig.write(file, `${name}\n`)
  rig.commit(name)
  rig.git('checkout', '-q', 'main')
}

function fails(run: () => unknown): void {
  expect(run).toThrow()
}
