import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { bringIn } from '../../../src/workspace/trees/bring-in.ts'
import { takeCandidate } from '../../../src/workspace/trees/candidate.ts'
import type { Candidate, OwnRepository, Worktree } from '../../../src/workspace/trees/types.ts'
import { makeWorktree } from '../../../src/workspace/trees/worktree.ts'
import { type Rig, makeRig, must, put } from './rig.ts'
import { long } from '../../rig/long.ts'

const REF = 'refs/autonomous-loop/attempts/b1/001/1'
const options = { message: 'item 1', at: 1_700_000_000_000 }

let rig: Rig
let own: OwnRepository
let base: string
let worktree: Worktree

beforeEach(async () => {
  rig = makeRig({
    'a.txt': 'one\n',
    'src/b.txt': 'two\n',
    'sub/.gitignore': 'cache\n',
    '.gitignore': 'out/\n*.log\n',
    '.gitattributes': '* -text\n',
  })
  fs.symlinkSync('/etc/hostname', path.join(rig.top, 'known-link'))
  put(path.join(rig.top, 'kept.log'), 'tracked although ignored\n')
  rig.git('add', '-f', 'kept.log')
  base = rig.commit('more')
  own = await rig.open()
  must(await bringIn(own, base))
  worktree = must(await makeWorktree(own, 'w1', base))
})
afterEach(() => rig.remove())

const at = (...names: string[]): string => path.join(worktree.dir, ...names)
const write = (file: string, text: string): void => put(at(file), text)
const take = async (): Promise<Candidate> => must(await takeCandidate(own, worktree, base, REF, options))
const agent = (...args: string[]): string => rig.gitIn(worktree.dir, ...args)

async function changed(): Promise<string[]> {
  const candidate = await take()
  if (candidate.kind !== 'candidate') throw new Error(JSON.stringify(candidate))
  return candidate.changed.map(({ path: one, kind }) => `${kind} ${one}`)
}

async function findings(): Promise<string[]> {
  const candidate = await take()
  if (candidate.kind !== 'findings') throw new Error(JSON.stringify(candidate))
  return candidate.findings.map(({ path: one, kind }) => `${kind} ${one}`)
}

describe('a candidate holds what lies there, whatever the worktree’s own git says', () => {
  it('when the agent committed, moved HEAD and the branch, or staged something else', async () => {
    write('a.txt', 'committed\n')
    agent('checkout', '-q', '-b', 'mine')
    agent('add', '-A')
    agent('commit', '-qm', 'mine')
    write('src/b.txt', 'staged\n')
    agent('add', '-A')
    write('src/b.txt', 'lies there\n')
    agent('rm', '-q', '--cached', 'sub/.gitignore')
    const candidate = await take()
    if (candidate.kind !== 'candidate') throw new Error(JSON.stringify(candidate))
    expect(candidate.changed).toEqual([
      { path: 'a.txt', kind: 'modified' },
      { path: 'src/b.txt', kind: 'modified' },
    ])
    const ours = (...args: string[]): string => rig.gitIn(own.dir, ...args)
    expect(ours('show', `${candidate.commit}:src/b.txt`)).toBe('lies there')
    expect(ours('rev-list', '--parents', '-1', candidate.commit)).toBe(`${candidate.commit} ${base}`)
  })

  if (long)
    it('when it marks files as unchanged, or makes the checkout sparse', async () => {
      agent('update-index', '--assume-unchanged', 'a.txt')
      agent('sparse-checkout', 'set', '--no-cone', '/a.txt', '/.gitattributes')
      write('a.txt', 'ONE\n')
      expect(fs.existsSync(at('src'))).toBe(false)
      // What a sparse checkout took away is gone.
      expect(await changed()).toEqual([
        'removed .gitignore',
        'modified a.txt',
        'removed kept.log',
        'removed known-link',
        'removed src/b.txt',
        'removed sub/.gitignore',
      ])
    })

  it('when ignore files, info/exclude or a global list hide it', async () => {
    write('.gitignore', '*\n')
    write('sub/.gitignore', '*\n')
    fs.appendFileSync(path.join(own.dir, 'info/exclude'), '*\n')
    agent('config', 'core.excludesFile', at('a.txt'))
    write('hidden.txt', 'x\n')
    write('sub/hidden.txt', 'x\n')
    write('out/built', 'x\n')
    write('some.log', 'x\n')
    write('sub/cache', 'x\n')
    expect(await changed()).toEqual([
      'modified .gitignore',
      'added hidden.txt',
      'modified sub/.gitignore',
      'added sub/hidden.txt',
    ])
  })

  it('when ignore files are loosened: what the base ignores stays out, what it tracks stays in', async () => {
    write('.gitignore', '')
    write('out/built', 'x\n')
    fs.rmSync(at('kept.log'))
    expect(await changed()).toEqual(['modified .gitignore', 'removed kept.log'])
    write('kept.log', 'back\n')
    expect(await changed()).toEqual(['modified .gitignore', 'modified kept.log'])
  })

  it('when a file is changed in the same second, to the same size and time', async () => {
    const { atime, mtime } = fs.statSync(at('a.txt'))
    fs.writeFileSync(at('a.txt'), 'ONE\n')
    fs.utimesSync(at('a.txt'), atime, mtime)
    expect(await changed()).toEqual(['modified a.txt'])
    fs.writeFileSync(at('a.txt'), 'one\n')
    fs.utimesSync(at('a.txt'), atime, mtime)
    expect(await changed()).toEqual([])
  })

  it('when configuration names programs to run', async () => {
    const script = at('out', 'run.sh')
    write('out/run.sh', `#!/bin/sh\ntouch ${rig.at('ran')}\ncat\n`)
    fs.chmodSync(script, 0o755)
    agent('config', 'core.fsmonitor', script)
    agent('config', 'filter.x.clean', script)
    agent('config', 'core.hooksPath', at('out'))
    for (const hook of ['reference-transaction', 'post-checkout', 'post-index-change'])
      fs.copyFileSync(script, at('out', hook))
    fs.appendFileSync(path.join(own.dir, 'info/attributes'), '* filter=x\n')
    fs.rmSync(rig.at('ran'), { force: true })
    write('a.txt', 'ONE\n')
    expect(await changed()).toEqual(['modified a.txt'])
    expect(fs.existsSync(rig.at('ran'))).toBe(false)
  })

  it('when files become directories, directories files, and links stand for directories', async () => {
    fs.rmSync(at('a.txt'))
    write('a.txt/inner', 'x\n')
    fs.rmSync(at('src'), { recursive: true })
    fs.symlinkSync('sub', at('src'))
    fs.chmodSync(at('kept.log'), 0o755)
    fs.rmSync(at('known-link'))
    write('known-link', 'a file now\n')
    expect(await changed()).toEqual([
      'removed a.txt',
      'added a.txt/inner',
      'mode kept.log',
      'type known-link',
      'added src',
      'removed src/b.txt',
    ])
  })

  if (long)
    it('whose rename stands as two changes', async () => {
      fs.renameSync(at('src/b.txt'), at('moved.txt'))
      expect(await changed()).toEqual(['added moved.txt', 'removed src/b.txt'])
    })
})

describe('before git is asked it is a finding', () => {
  it('that a repository lies below the root, a directory or a file', async () => {
    write('inner/file', 'x\n')
    rig.gitIn(at('inner'), 'init', '-q')
    write('other/.git', 'gitdir: /nowhere\n')
    write('out/dep/.git/HEAD', 'ref: refs/heads/main\n')
    expect(await findings()).toEqual(['repository inner/.git', 'repository other/.git'])
  })

  it('that attributes or modules differ from the base, at any depth, in any spelling, ignored or not', async () => {
    fs.rmSync(at('.gitattributes'))
    write('src/.gitattributes', '*.txt filter=x\n')
    write('new/.gitmodules', '')
    write('out/dep/.gitattributes', 'in a directory of no work\n')
    write('sub/.gitignore', '.gitattributes\n')
    write('sub/.GitAttributes', '* ident\n')
    expect(await findings()).toEqual([
      'attributes .gitattributes',
      'modules new/.gitmodules',
      'attributes src/.gitattributes',
      'attributes sub/.GitAttributes',
    ])
  })

  it('that a link leads out, unless the base has it so', async () => {
    fs.symlinkSync('../../..', at('src/up'))
    fs.symlinkSync('/etc/passwd', at('absolute'))
    fs.symlinkSync('src/b.txt', at('inside'))
    write('out/x', '')
    fs.symlinkSync('/usr/bin/python3', at('out/python'))
    expect(await findings()).toEqual(['link absolute', 'link src/up'])
    for (const one of ['src/up', 'absolute']) fs.rmSync(at(one))
    expect(await changed()).toEqual(['added inside'])
  })

  it('that a FIFO lies among the work, and that git cannot hold a name', async () => {
    execFileSync('mkfifo', [at('pipe'), at('src/.gitignore')])
    write('x/.GIT', 'x\n')
    write('GIT~1', 'x\n')
    expect(await findings()).toEqual(['name GIT~1', 'special pipe', 'special src/.gitignore', 'name x/.GIT'])
  })

  if (long)
    it('that a submodule is gone or at another commit', async () => {
      rig.git('update-index', '--add', '--cacheinfo', `160000,${base},mod`)
      rig.git('commit', '-qm', 'submodule')
      base = rig.git('rev-parse', 'HEAD')
      must(await bringIn(own, base))
      worktree = must(await makeWorktree(own, 'w2', base))
      expect(await changed()).toEqual([])
      write('mod/file', 'what prepare fills in is no work\n')
      expect(await changed()).toEqual([])
      fs.rmSync(at('mod'), { recursive: true })
      expect(await findings()).toEqual(['gitlink mod'])
    })
})

describe('what git cannot store', () => {
  it('is a failure with git’s words, and the index serves again when it is mended', async () => {
    // A file that is larger than the limit of the process cannot be read here; as root permissions tell nothing.
    write('big/file', 'x\n')
    fs.writeFileSync(path.join(own.dir, 'objects', 'blocked'), '')
    const real = path.join(own.dir, 'objects')
    fs.renameSync(real, `${real}.away`)
    fs.writeFileSync(real, '')
    const taken = await takeCandidate(own, worktree, base, REF, options)
    expect(taken.ok).toBe(false)
    fs.rmSync(real)
    fs.renameSync(`${real}.away`, real)
    expect(await changed()).toEqual(['added big/file'])
  })
})
