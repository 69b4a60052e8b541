import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import path from 'node:path'
import { bringIn, bringRefs } from '../../../src/workspace/trees/bring-in.ts'
import { takeCandidate } from '../../../src/workspace/trees/candidate.ts'
import { moveHead } from '../../../src/workspace/trees/head.ts'
import { join } from '../../../src/workspace/trees/join.ts'
import { land } from '../../../src/workspace/trees/land.ts'
import { openOwn, repoId } from '../../../src/workspace/trees/own.ts'
import { publish } from '../../../src/workspace/trees/publish.ts'
import { sweepOwn } from '../../../src/workspace/trees/sweep.ts'
import type { OwnRepository } from '../../../src/workspace/trees/types.ts'
import { reuseWorktree } from '../../../src/workspace/trees/reuse.ts'
import { listWorktrees, makeWorktree } from '../../../src/workspace/trees/worktree.ts'
import { commitIn } from './head-of.ts'
import { type Rig, bytesOf, makeRig, must, optionsOf, put, read } from './rig.ts'
import { long } from '../../rig/long.ts'

const REF = 'refs/autonomous-loop/attempts/b1/001/1'
const options = { message: 'item 1', at: 1_700_000_000_000 }

let rig: Rig

beforeEach(() => {
  rig = makeRig({ 'a.txt': 'one\n' })
})
afterEach(() => rig.remove())

/** One attempt and its landing, in whatever repository `root` is. */
async function pass(own: OwnRepository, base: string): Promise<string> {
  must(await bringIn(own, base))
  const worktree = must(await makeWorktree(own, 'w1', base))
  put(path.join(worktree.dir, 'new.txt'), 'new\n')
  const candidate = must(await takeCandidate(own, worktree, base, REF, options))
  if (candidate.kind !== 'candidate') throw new Error(JSON.stringify(candidate))
  const joined = must(await join(own, base, candidate.commit, base))
  expect(joined).toEqual({ kind: 'joined', tree: candidate.tree })
  return candidate.commit
}

describe('the repository of ours', () => {
  it('is made and used without running or reading anything that the person’s repository names', async () => {
    const script = rig.at('script')
    put(script, `#!/bin/sh\ntouch ${rig.at('ran')}\ncat\n`)
    fs.chmodSync(script, 0o755)
    const hooks = [
      'post-checkout',
      'reference-transaction',
      'pre-receive',
      'update',
      'post-update',
      'post-receive',
      'push-to-checkout',
    ]
    for (const hook of hooks) fs.copyFileSync(script, rig.at('person/.git/hooks', hook))
    // Objects that are borrowed: git asks a program for the refs of where they come from.
    rig.gitIn(rig.dir, 'clone', '-q', '--bare', rig.top, rig.at('alternate.git'))
    put(rig.at('person/.git/objects/info/alternates'), `${rig.at('alternate.git/objects')}\n`)
    for (const key of [
      'uploadpack.packObjectsHook',
      'core.alternateRefsCommand',
      'core.fsmonitor',
      'core.sshCommand',
      'gpg.program',
      'filter.x.smudge',
      'filter.x.clean',
      'diff.external',
      'core.pager',
    ])
      rig.git('config', key, script)
    rig.git('config', 'commit.gpgSign', 'true')
    put(rig.at('person/.git/info/attributes'), '* filter=x diff=x\n')
    const base = rig.git('rev-parse', 'HEAD')
    // Git as the person runs it falls for it.
    rig.git('status')
    expect(fs.existsSync(rig.at('ran'))).toBe(true)
    fs.rmSync(rig.at('ran'))
    const before = bytesOf(rig.top)
    const own = await rig.open()
    const commit = await pass(own, base)
    expect(bytesOf(rig.top)).toEqual(before)
    expect(must(await publish(own, 'autonomous-loop/b1', commit, null))).toMatchObject({ kind: 'published' })
    expect(must(await land(own, { target: 'main', head: commit, expected: base }))).toMatchObject({
      kind: 'landed',
    })
    expect(fs.existsSync(rig.at('ran'))).toBe(false)
    expect(read(rig.top, 'new.txt')).toBe('new\n')
  })

  it('outlives a gc of the person’s, and keeps what the person threw away', async () => {
    const base = rig.git('rev-parse', 'HEAD')
    const own = await rig.open()
    must(await bringIn(own, base))
    rig.git('checkout', '-q', '--orphan', 'other')
    rig.git('commit', '-qm', 'other')
    rig.git('branch', '-D', 'main')
    rig.git('reflog', 'expire', '--expire=now', '--all')
    rig.git('gc', '-q', '--prune=now')
    const worktree = must(await makeWorktree(own, 'w1', base))
    expect(rig.gitIn(worktree.dir, 'log', '--format=%s')).toBe('start')
  })

  if (long)
    it('serves a shallow clone, and one that has objects with longer names', async () => {
      rig.write('a.txt', 'two\n')
      rig.commit('second')
      rig.gitIn(rig.dir, 'clone', '-q', '--depth', '1', `file://${rig.top}`, rig.at('shallow'))
      fs.mkdirSync(rig.at('long'))
      rig.gitIn(rig.at('long'), 'init', '-q', '-b', 'main', '--object-format=sha256')
      put(rig.at('long/a.txt'), 'one\n')
      rig.gitIn(rig.at('long'), 'add', '-A')
      rig.gitIn(rig.at('long'), 'commit', '-qm', 'start')
      for (const name of ['shallow', 'long']) {
        const base = rig.gitIn(rig.at(name), 'rev-parse', 'HEAD')
        const own = await rig.open({ root: rig.at(name) })
        const head = await pass(own, base)
        must(await moveHead(own, 'refs/autonomous-loop/heads/b1', null, base))
        must(await moveHead(own, 'refs/autonomous-loop/heads/b1', base, head))
        expect(must(await land(own, { target: 'main', head, expected: base }))).toMatchObject({
          kind: 'landed',
        })
        expect(rig.gitIn(rig.at(name), 'status', '--porcelain')).toBe('')
        expect(rig.gitIn(rig.at(name), 'fsck')).toBe('')
      }
    })

  if (long)
    it('is one for all work trees of a repository, and commits carry the person’s name', async () => {
      rig.git('config', 'user.name', 'Ada')
      rig.git('config', 'user.email', 'ada@example.org')
      rig.git('worktree', 'add', '-q', rig.at('second'))
      const [first, second] = [await rig.open(), await rig.open({ root: rig.at('second') })]
      expect(second.dir).toBe(first.dir)
      expect(path.basename(first.data)).toBe(repoId(rig.at('person/.git')))
      const commit = await pass(second, rig.git('rev-parse', 'HEAD'))
      const said = rig.gitIn(second.dir, 'log', '-1', '--format=%an %ae %cn %ct', commit)
      expect(said).toBe('Ada ada@example.org Ada 1700000000')
      expect(await openOwn({ ...optionsOf(rig), root: rig.at('data') })).toMatchObject({
        error: { code: 'git-gone' },
      })
    })

  it('comes along with a repository that was moved, when a person says that it is the same', async () => {
    const own = await rig.open()
    const base = rig.git('rev-parse', 'HEAD')
    const commit = await pass(own, base)
    fs.renameSync(rig.top, rig.at('moved'))
    const moved = { ...optionsOf(rig), root: rig.at('moved') }
    expect(await openOwn(moved)).toMatchObject({ error: { code: 'repository-moved' } })
    const adopted = must(await openOwn({ ...moved, adopt: true }))
    expect(adopted.data).not.toBe(own.data)
    expect(fs.existsSync(own.data)).toBe(false)
    expect(listWorktrees(adopted).map(({ name, state }) => [name, state])).toEqual([['w1', 'ours']])
    const worktree = must(await reuseWorktree(adopted, 'w1', commit, { sameItem: true, prepared: [] }))
    expect(rig.gitIn(worktree.dir, 'rev-parse', 'HEAD')).toBe(commit)
    must(await openOwn(moved))
    // A copy has nothing to do with it.
    fs.cpSync(rig.at('moved'), rig.top, { recursive: true })
    const copy = await rig.open()
    expect(listWorktrees(copy)).toEqual([])
  })

  if (long)
    it('takes line ends and modes as the person’s settings have them', async () => {
      rig.git('config', 'core.autocrlf', 'true')
      rig.git('config', 'core.fileMode', 'false')
      const base = rig.git('rev-parse', 'HEAD')
      const own = await rig.open()
      must(await bringIn(own, base))
      const worktree = must(await makeWorktree(own, 'w1', base))
      expect(read(worktree.dir, 'a.txt')).toBe('one\r\n')
      put(path.join(worktree.dir, 'b.txt'), 'two\r\n')
      fs.chmodSync(path.join(worktree.dir, 'a.txt'), 0o755)
      const candidate = must(await takeCandidate(own, worktree, base, REF, options))
      expect(candidate).toMatchObject({ changed: [{ path: 'b.txt', kind: 'added' }] })
      expect(rig.gitIn(own.dir, 'ls-tree', '-l', REF, 'b.txt')).toMatch(/ 4\tb\.txt$/)
    })

  it('has the branches and tags of the person’s as they are now, beside refs of ours', async () => {
    const own = await rig.open()
    const base = rig.git('rev-parse', 'HEAD')
    rig.git('branch', 'old')
    must(await bringRefs(own))
    must(await moveHead(own, 'refs/autonomous-loop/heads/b1', null, base))
    rig.git('branch', '-D', 'old')
    rig.write('a.txt', 'two\n')
    const next = rig.commit('second')
    rig.git('branch', 'old/inner')
    rig.git('tag', '-a', '-m', 'one', 'v1')
    must(await bringRefs(own))
    const refs = (dir: string): string =>
      rig.gitIn(dir, 'for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads', 'refs/tags')
    expect(refs(own.dir)).toBe(refs(rig.top))
    expect(rig.gitIn(own.dir, 'describe', next)).toBe('v1')
    expect(rig.gitIn(own.dir, 'rev-parse', 'refs/autonomous-loop/heads/b1')).toBe(base)
  })

  it('goes on after a process that was killed with its locks', async () => {
    const base = rig.git('rev-parse', 'HEAD')
    const own = await rig.open()
    must(await bringIn(own, base))
    const worktree = must(await makeWorktree(own, 'w1', base))
    put(path.join(own.dir, 'refs/autonomous-loop/heads/b1.lock'), '')
    put(path.join(own.dir, 'packed-refs.lock'), '')
    put(path.join(own.data, 'index/w1.lock'), '')
    put(path.join(own.data, 'scratch/1-1-dead/pack'), '')
    const head = await commitIn(own, base, { 'a.txt': 'two\n' })
    expect((await moveHead(own, 'refs/autonomous-loop/heads/b1', null, head)).ok).toBe(false)
    sweepOwn(own)
    must(await moveHead(own, 'refs/autonomous-loop/heads/b1', null, head))
    must(await takeCandidate(own, worktree, base, REF, options))
    expect(fs.readdirSync(path.join(own.data, 'scratch'))).toEqual([])
  })
})
