import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { bringIn } from '../../../src/workspace/trees/bring-in.ts'
import { refAt } from '../../../src/workspace/trees/own.ts'
import { rescue } from '../../../src/workspace/trees/rescue.ts'
import type { OwnRepository, Rescued, Worktree } from '../../../src/workspace/trees/types.ts'
import { listWorktrees, makeWorktree } from '../../../src/workspace/trees/worktree.ts'
import { type Rig, makeRig, must, put, read } from './rig.ts'
import { long } from '../../rig/long.ts'

const REF = 'refs/autonomous-loop/rescue/b1/001/1'
const AT = 1_700_000_000_000

let rig: Rig
let own: OwnRepository
let base: string
let worktree: Worktree

beforeEach(async () => {
  rig = makeRig({
    'a.txt': 'one\n',
    'src/b.txt': 'two\n',
    '.gitignore': 'out/\nnode_modules/\n',
    'crlf.bat': 'x\r\n',
  })
  base = rig.git('rev-parse', 'HEAD')
  own = await rig.open()
  must(await bringIn(own, base))
  put(rig.at('layer/node_modules/dep/index.js'), 'dep\n')
  worktree = must(await makeWorktree(own, 'w1', base, [rig.at('layer')]))
})
afterEach(() => rig.remove())

const at = (...names: string[]): string => path.join(worktree.dir, ...names)
const save = async (): Promise<Rescued> => must(await rescue(own, worktree, base, REF, AT))
const ours = (...args: string[]): string => rig.gitIn(own.dir, ...args)

async function saved(): Promise<string> {
  const rescued = await save()
  if (rescued.kind !== 'rescued') throw new Error(JSON.stringify(rescued))
  expect(must(await refAt(own, REF))).toBe(rescued.commit)
  return rescued.commit
}

describe('a rescue', () => {
  it('has nothing to do where nothing but the base and what was prepared is there', async () => {
    expect(await save()).toEqual({ kind: 'nothing' })
    expect(must(await refAt(own, REF))).toBeNull()
  })

  if (long)
    it('has nothing to do where the worktree is gone', async () => {
      fs.rmSync(worktree.dir, { recursive: true })
      expect(await save()).toEqual({ kind: 'nothing' })
    })

  it('of a worktree that is half reset, or reset, keeps what the ref held', async () => {
    put(at('a.txt'), 'work\n')
    put(at('src/new.txt'), 'more work\n')
    const first = await saved()
    put(at('a.txt'), 'one\n')
    expect(await saved()).toBe(first)
    put(at('other.txt'), 'of another commit\n')
    fs.rmSync(at('src/new.txt'))
    const second = await saved()
    expect(ours('show', `${second}:other.txt`)).toBe('of another commit')
    expect(ours('rev-list', '--parents', '-1', second)).toBe(`${second} ${base} ${first}`)
    fs.rmSync(at('other.txt'))
    expect(await saved()).toBe(second)
  })

  it('holds every file and link byte for byte: ignored, executable, linked, with any name', async () => {
    put(at('a.txt'), 'changed\r\n')
    put(at('out/deep/built'), 'ignored\n')
    put(at('node_modules/dep/index.js'), 'changed by the agent\n')
    put(at('node_modules/.cache/new'), 'new among what was prepared\n')
    put(at('run.sh'), '#!/bin/sh\n')
    fs.chmodSync(at('run.sh'), 0o755)
    fs.symlinkSync('/outside', at('link'))
    put(at('two\nlines'), 'odd\n')
    fs.writeFileSync(Buffer.concat([Buffer.from(`${worktree.dir}/`), Buffer.from([0xff])]), 'bytes\n')
    fs.rmSync(at('src'), { recursive: true })
    put(at('src'), 'a file in place of a directory\n')
    const commit = await saved()
    const listed = ours('ls-tree', '-r', '--format=%(objectmode) %(path)', commit)
    expect(listed.split('\n')).toEqual([
      '100644 .gitignore',
      '100644 a.txt',
      '100644 crlf.bat',
      '120000 link',
      '100644 node_modules/.cache/new',
      '100644 node_modules/dep/index.js',
      '100644 out/deep/built',
      '100755 run.sh',
      '100644 src',
      '100644 "two\\nlines"',
      '100644 "\\377"',
    ])
    expect(execFileSync('git', ['show', `${commit}:a.txt`], { cwd: own.dir, encoding: 'utf8' })).toBe(
      'changed\r\n',
    )
    expect(ours('show', `${commit}:node_modules/dep/index.js`)).toBe('changed by the agent')
    expect(ours('rev-list', '--parents', '-1', commit)).toBe(`${commit} ${base}`)
  })

  it('holds nested repositories as plain files, and says so', async () => {
    put(at('inner/file'), 'x\n')
    rig.gitIn(at('inner'), 'init', '-q')
    put(at('out/dep/.git'), 'gitdir: /elsewhere\n')
    const commit = await saved()
    expect(ours('show', `${commit}:inner/git-directory/HEAD`)).toMatch(/^ref: refs\/heads\//)
    expect(ours('show', `${commit}:out/dep/git-directory`)).toBe('gitdir: /elsewhere')
    expect(ours('show', `${commit}:git-directory.txt`)).toContain(
      'out/dep/git-directory  was  out/dep/.git\n',
    )
  })

  if (long)
    it('holds a repository that was put in place of the worktree’s own pointer', async () => {
      fs.rmSync(at('.git'))
      rig.gitIn(worktree.dir, 'init', '-q')
      const commit = await saved()
      expect(ours('show', `${commit}:git-directory/HEAD`)).toMatch(/^ref: refs\/heads\//)
    })

  it('keeps what the agent committed, also where the files no longer have it', async () => {
    put(at('a.txt'), 'committed\n')
    rig.gitIn(worktree.dir, 'checkout', '-qb', 'mine')
    rig.gitIn(worktree.dir, 'commit', '-qam', 'mine')
    const mine = rig.gitIn(worktree.dir, 'rev-parse', 'HEAD')
    rig.gitIn(worktree.dir, 'checkout', '-q', base, '--', '.')
    const commit = await saved()
    expect(ours('rev-list', '--parents', '-1', commit)).toBe(`${commit} ${base} ${mine}`)
  })

  it('sets the whole directory aside where a name would be lost', async () => {
    put(at('inner/.git/x'), 'one\n')
    put(at('inner/git-directory/x'), 'other\n')
    await expectSetAside(/beside/)
    expect(read(path.join(own.data, 'set-aside/w1-1'), 'inner/.git/x')).toBe('one\n')
  })

  if (long)
    it('sets it aside where a file is larger than a commit of ours takes', async () => {
      put(at('out/small'), 'small\n')
      fs.writeFileSync(at('out/huge'), '')
      fs.truncateSync(at('out/huge'), 300 * 1024 * 1024)
      await expectSetAside(/out\/huge/)
      expect(fs.statSync(path.join(own.data, 'set-aside/w1-1/out/huge')).size).toBe(300 * 1024 * 1024)
    })

  it('sets it aside where git cannot store', async () => {
    put(at('out/built'), 'ignored\n')
    const objects = path.join(own.dir, 'objects')
    fs.renameSync(objects, `${objects}.away`)
    await expectSetAside(/./)
    expect(read(path.join(own.data, 'set-aside/w1-1'), 'out/built')).toBe('ignored\n')
  })
})

async function expectSetAside(why: RegExp): Promise<void> {
  const rescued = await save()
  expect(rescued).toEqual({
    kind: 'set-aside',
    directory: path.join(own.data, 'set-aside/w1-1'),
    why: expect.stringMatching(why),
  })
  expect(listWorktrees(own)).toEqual([])
}
