import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { bringIn } from '../../../src/workspace/trees/bring-in.ts'
import { takeCandidate } from '../../../src/workspace/trees/candidate.ts'
import { checkoutAt } from '../../../src/workspace/trees/checkout.ts'
import { land } from '../../../src/workspace/trees/land.ts'
import { lfsStore } from '../../../src/workspace/trees/lfs-settings.ts'
import { filtersOf, gitlinksOf } from '../../../src/workspace/trees/preflight.ts'
import type { OwnRepository } from '../../../src/workspace/trees/types.ts'
import { makeWorktree } from '../../../src/workspace/trees/worktree.ts'
import { gatePath } from '../../judging/rig.ts'
import { storeFile, writeFakeLfs } from './fake-lfs.ts'
import { type Rig, makeRig, must, put, read } from './rig.ts'

const REF = 'refs/autonomous-loop/attempts/b1/001/1'
const options = { message: 'item 1', at: 1_700_000_000_000 }
const LARGE = 'large '.repeat(50_000)
const oidOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const pointerOf = (text: string): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${oidOf(text)}\nsize ${text.length}\n`

let rig: Rig
let own: OwnRepository
let base: string

beforeEach(async () => {
  // The person's own git has no such filter, so it stores the pointer as it is written here.
  rig = makeRig({
    '.gitattributes':
      '[attr]big filter=lfs\n*.bin big\n*.never filter=other\nkeys filter=crypt\n*.x -filter\n',
    'a.bin': pointerOf(LARGE),
    'a.txt': 'one\n',
    'deep/.gitattributes': 'a.bin !filter\n',
    'deep/a.bin': 'not large\n',
    keys: 'secret\n',
  })
  put(storeFile(rig.at('person/.git/lfs'), oidOf(LARGE)), LARGE)
  rig.git('update-index', '--add', '--cacheinfo', `160000,${rig.git('rev-parse', 'HEAD')},mod`)
  rig.git('commit', '-qm', 'submodule')
  base = rig.git('rev-parse', 'HEAD')
  own = await rig.open({ gitPath: `${writeFakeLfs(rig.at('bin'))}:${gatePath}` })
  must(await bringIn(own, base))
})
afterEach(() => rig.remove())

describe('before a batch', () => {
  it('the filters that files of the base are stored through are known, and its submodules', async () => {
    expect(must(await filtersOf(own, base))).toEqual(['crypt', 'lfs'])
    expect(must(await gitlinksOf(own, base))).toEqual(['mod'])
  })
})

describe('large files', () => {
  it('are written as they are, stored as pointers, and land with what the person lacks', async () => {
    const worktree = must(await makeWorktree(own, 'w1', base))
    expect(read(worktree.dir, 'a.bin')).toBe(LARGE)
    expect(read(worktree.dir, 'deep/a.bin')).toBe('not large\n')
    expect(must(await takeCandidate(own, worktree, base, REF, options))).toMatchObject({ untouched: true })

    const next = `${LARGE}!`
    put(path.join(worktree.dir, 'a.bin'), next)
    const candidate = must(await takeCandidate(own, worktree, base, REF, options))
    if (candidate.kind !== 'candidate') throw new Error(JSON.stringify(candidate))
    expect(candidate.changed).toEqual([{ path: 'a.bin', kind: 'modified' }])
    expect(rig.gitIn(own.dir, 'show', `${candidate.commit}:a.bin`)).toBe(pointerOf(next).trim())
    expect(read(must(await checkoutAt(own, candidate.commit)).dir, 'a.bin')).toBe(next)

    // As it stands in a checkout of the person's with the filter at work.
    put(path.join(rig.top, 'a.bin'), LARGE)
    rig.git('update-index', '--cacheinfo', `100644,${rig.git('rev-parse', 'HEAD:a.bin')},a.bin`)
    fs.mkdirSync(path.join(rig.top, 'mod'), { recursive: true })
    const landed = must(await land(own, { target: 'main', head: candidate.commit, expected: base }))
    expect(landed).toEqual({ kind: 'landed', trees: [rig.top] })
    expect(read(rig.top, 'a.bin')).toBe(next)
    expect(fs.readFileSync(storeFile(rig.at('person/.git/lfs'), oidOf(next)), 'utf8')).toBe(next)
  })

  it('that are not on this machine are a failure that names them, and nothing is asked for elsewhere', async () => {
    fs.rmSync(storeFile(rig.at('person/.git/lfs'), oidOf(LARGE)))
    expect(await makeWorktree(own, 'w1', base)).toMatchObject({
      error: { code: 'worktree-failed', message: expect.stringContaining(oidOf(LARGE)) },
    })
    expect(fs.existsSync(lfsStore(own))).toBe(true)
  })

  it('stay pointers where there is no git-lfs', async () => {
    own = await rig.open()
    expect({ ...own, lfs: null }).toEqual(own)
    const worktree = must(await makeWorktree(own, 'w1', base))
    expect(read(worktree.dir, 'a.bin')).toBe(pointerOf(LARGE))
  })
})
