import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import path from 'node:path'
import { bringIn } from '../../../src/workspace/trees/bring-in.ts'
import { takeCandidate } from '../../../src/workspace/trees/candidate.ts'
import { checkoutAt, moveCheckout } from '../../../src/workspace/trees/checkout.ts'
import { commitTree } from '../../../src/workspace/trees/commit.ts'
import { moveHead } from '../../../src/workspace/trees/head.ts'
import { join } from '../../../src/workspace/trees/join.ts'
import { isAncestor, openOwn, refAt } from '../../../src/workspace/trees/own.ts'
import type { OwnRepository } from '../../../src/workspace/trees/types.ts'
import { makeWorktree } from '../../../src/workspace/trees/worktree.ts'
import { type Rig, bytesOf, makeRig, must, optionsOf, put, read } from './rig.ts'

const REF = 'refs/autonomous-loop/attempts/b1/001/1'
const HEAD = 'refs/autonomous-loop/heads/b1'
const options = { message: 'item 1', at: 1_700_000_000_000 }

let rig: Rig
let own: OwnRepository
let base: string

beforeEach(async () => {
  rig = makeRig({ 'a.txt': 'one\n', 'src/b.txt': 'two\n', '.gitignore': 'out/\n' })
  base = rig.git('rev-parse', 'HEAD')
  own = await rig.open()
  must(await bringIn(own, base))
})
afterEach(() => rig.remove())

describe('an attempt from its base to the head', () => {
  it('ends at a head that holds what the agent left, and leaves the person’s repository as it was', async () => {
    const before = bytesOf(rig.at('person'))
    must(await moveHead(own, HEAD, null, base))
    const worktree = must(await makeWorktree(own, 'w1', base))
    expect(rig.gitIn(worktree.dir, 'status', '--porcelain')).toBe('')
    expect(rig.gitIn(worktree.dir, 'rev-parse', 'HEAD')).toBe(base)

    put(path.join(worktree.dir, 'a.txt'), 'one!\n')
    put(path.join(worktree.dir, 'new/c.txt'), 'three\n')
    put(path.join(worktree.dir, 'out/built.txt'), 'built\n')
    fs.rmSync(path.join(worktree.dir, 'src/b.txt'))
    const candidate = must(await takeCandidate(own, worktree, base, REF, options))
    if (candidate.kind !== 'candidate') throw new Error(JSON.stringify(candidate))
    expect(candidate.changed).toEqual([
      { path: 'a.txt', kind: 'modified' },
      { path: 'new/c.txt', kind: 'added' },
      { path: 'src/b.txt', kind: 'removed' },
    ])
    expect(candidate.untouched).toBe(false)
    expect(must(await refAt(own, REF))).toBe(candidate.commit)

    const joined = must(await join(own, base, candidate.commit, base))
    expect(joined).toEqual({ kind: 'joined', tree: candidate.tree })
    const checkout = must(await checkoutAt(own, base))
    must(await moveCheckout(own, checkout, candidate.tree))
    expect(read(checkout.dir, 'a.txt')).toBe('one!\n')
    expect(fs.existsSync(path.join(checkout.dir, 'src'))).toBe(false)
    expect(rig.gitIn(checkout.dir, 'rev-parse', 'HEAD')).toBe(base)
    expect(rig.gitIn(checkout.dir, 'status', '--porcelain')).toBe('M  a.txt\nA  new/c.txt\nD  src/b.txt')

    const parts = { tree: candidate.tree, parents: [base], identity: own.person.identity, ...options }
    const commit = must(await commitTree(own, parts))
    expect(must(await commitTree(own, parts))).toBe(commit)
    expect(must(await moveHead(own, HEAD, base, commit))).toBe('moved')
    expect(must(await moveHead(own, HEAD, base, commit))).toBe('already')
    expect(must(await isAncestor(own, base, commit))).toBe(true)
    expect(must(await isAncestor(own, commit, base))).toBe(false)
    expect(bytesOf(rig.at('person'))).toEqual(before)
  })

  it('says that nothing was touched when nothing was', async () => {
    const worktree = must(await makeWorktree(own, 'w1', base))
    put(path.join(worktree.dir, 'out/built.txt'), 'built\n')
    const candidate = must(await takeCandidate(own, worktree, base, REF, options))
    expect(candidate).toMatchObject({ kind: 'candidate', untouched: true, changed: [] })
  })
})

describe('the head', () => {
  it('is moved by nobody who does not know where it is, nor to what does not hold it', async () => {
    must(await moveHead(own, HEAD, null, base))
    rig.write('a.txt', 'two\n')
    const next = rig.commit('next')
    must(await bringIn(own, next))
    expect(await moveHead(own, HEAD, null, next)).toMatchObject({ error: { code: 'head-moved' } })
    must(await moveHead(own, HEAD, base, next))
    expect(await moveHead(own, HEAD, next, base)).toMatchObject({ error: { code: 'head-moved' } })
    expect(await moveHead(own, HEAD, base, base)).toMatchObject({ error: { code: 'head-moved' } })
    expect(must(await refAt(own, HEAD))).toBe(next)
  })
})

describe('the repository of ours', () => {
  it('is refused to a copy of the person’s repository at the same place, until a person adopts it', async () => {
    fs.cpSync(rig.top, rig.at('copy'), { recursive: true })
    fs.renameSync(rig.top, rig.at('old'))
    fs.renameSync(rig.at('copy'), rig.top)
    expect(await openOwn(optionsOf(rig))).toMatchObject({ error: { code: 'repository-moved' } })
    const adopted = await rig.open({ adopt: true })
    expect(adopted.dir).toBe(own.dir)
    must(await openOwn(optionsOf(rig)))
  })

  it('takes in a commit that the person made later, and no object that is not what its name says', async () => {
    rig.write('later.txt', 'later\n')
    const later = rig.commit('later')
    must(await bringIn(own, later))
    const worktree = must(await makeWorktree(own, 'w1', later))
    expect(read(worktree.dir, 'later.txt')).toBe('later\n')

    rig.write('forged.txt', 'honest\n')
    const forged = rig.commit('forged')
    const oid = rig.git('rev-parse', 'HEAD:forged.txt')
    const other = rig.git('rev-parse', 'HEAD:later.txt')
    const place = (one: string): string => rig.at('person/.git/objects', one.slice(0, 2), one.slice(2))
    fs.chmodSync(place(oid), 0o644)
    fs.copyFileSync(place(other), place(oid))
    expect(await bringIn(own, forged)).toMatchObject({ error: { code: 'git-failed' } })
  })
})
