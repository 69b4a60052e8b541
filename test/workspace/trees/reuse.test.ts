import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { bringIn } from '../../../src/workspace/trees/bring-in.ts'
import { reuseWorktree } from '../../../src/workspace/trees/reuse.ts'
import type { OwnRepository, Worktree } from '../../../src/workspace/trees/types.ts'
import { listWorktrees, makeWorktree, removeWorktree } from '../../../src/workspace/trees/worktree.ts'
import { type Rig, bytesOf, makeRig, must, put, read } from './rig.ts'

let rig: Rig
let own: OwnRepository
let base: string
let next: string
let worktree: Worktree
let layer: string

beforeEach(async () => {
  rig = makeRig({
    'a.txt': 'one\n',
    'src/b.txt': 'two\n',
    'gone.txt': 'x\n',
    '.gitignore': 'out/\nnode_modules/\n',
  })
  base = rig.git('rev-parse', 'HEAD')
  rig.write('a.txt', 'next\n')
  fs.rmSync(path.join(rig.top, 'gone.txt'))
  next = rig.commit('next')
  own = await rig.open()
  must(await bringIn(own, next))
  layer = rig.at('layer')
  put(rig.at('layer/node_modules/dep/index.js'), 'dep\n')
  put(rig.at('layer/node_modules/dep/more.js'), 'more\n')
  put(rig.at('layer/a.txt'), 'a layer does not win over the commit\n')
  fs.symlinkSync('dep/index.js', rig.at('layer/node_modules/link'))
  worktree = must(await makeWorktree(own, 'w1', base, [layer]))
})
afterEach(() => rig.remove())

const at = (...names: string[]): string => path.join(worktree.dir, ...names)

/** All but `.git`, which has other bytes under another name. */
function content(dir: string): Record<string, string> {
  const { '.git': _git, ...rest } = bytesOf(dir)
  return rest
}

function spoil(): void {
  put(at('a.txt'), 'spoilt\n')
  put(at('new/file'), 'x\n')
  put(at('inner/.git/HEAD'), 'x\n')
  put(at('out/built'), 'built\n')
  put(at('.gitignore'), '')
  fs.rmSync(at('src'), { recursive: true })
  fs.symlinkSync('/etc', at('src'))
  fs.rmSync(at('gone.txt'))
  put(at('gone.txt/inner'), 'x\n')
  put(at('node_modules/dep/index.js'), 'DEP\n')
  put(at('node_modules/evil/index.js'), 'evil\n')
  fs.rmSync(at('node_modules/dep/more.js'))
  put(at('node_modules/dep/.git/HEAD'), 'x\n')
}

const COMMIT = { 'a.txt': 'next\n', 'src/b.txt': 'two\n', '.gitignore': 'out/\nnode_modules/\n' }
const PREPARED = {
  'node_modules/dep/index.js': 'dep\n',
  'node_modules/dep/more.js': 'more\n',
  'node_modules/link': '-> dep/index.js',
}

describe('a worktree that is made', () => {
  it('holds the commit and copies of what was prepared, which share nothing with it', () => {
    expect(content(worktree.dir)).toEqual({ ...COMMIT, 'a.txt': 'one\n', 'gone.txt': 'x\n', ...PREPARED })
    fs.appendFileSync(at('node_modules/dep/index.js'), 'written by an agent\n')
    expect(read(layer, 'node_modules/dep/index.js')).toBe('dep\n')
    expect(rig.gitIn(worktree.dir, 'status', '--porcelain')).toBe('')
  })

  it('is begun anew where it was cut short, and not made over one that was handed out', async () => {
    put(path.join(own.data, 'worktrees/w2/half'), 'x\n')
    expect(listWorktrees(own).map(({ name, state }) => [name, state])).toEqual([
      ['w1', 'ours'],
      ['w2', 'unfinished'],
    ])
    const second = must(await makeWorktree(own, 'w2', next))
    expect(content(second.dir)).toEqual(COMMIT)
    expect(await makeWorktree(own, 'w1', next)).toMatchObject({ error: { code: 'worktree-busy' } })
    for (const name of ['', '../x', 'judge', 'a/b', '.git'])
      expect(await makeWorktree(own, name, next)).toMatchObject({ error: { code: 'worktree-name' } })
  })
})

describe('a worktree that is used again', () => {
  it('by the same item holds the commit exactly, and what git ignores as it was left', async () => {
    spoil()
    const again = must(await reuseWorktree(own, 'w1', next, { sameItem: true, prepared: [layer] }))
    expect(again).toEqual({ name: 'w1', dir: worktree.dir, commit: next })
    expect(content(again.dir)).toEqual({
      ...COMMIT,
      'out/built': 'built\n',
      'node_modules/dep/index.js': 'DEP\n',
      'node_modules/evil/index.js': 'evil\n',
      'node_modules/dep/.git/HEAD': 'x\n',
      'node_modules/link': '-> dep/index.js',
    })
    expect(rig.gitIn(again.dir, 'status', '--porcelain')).toBe('')
    expect(rig.gitIn(again.dir, 'rev-parse', 'HEAD')).toBe(next)
    expect(read('/etc', 'hostname')).not.toBe('')
  })

  it('by another item holds nothing but the commit and what was prepared, under another name', async () => {
    const kept = fs.statSync(at('node_modules/link/../dep')).ino
    const link = fs.lstatSync(at('node_modules/link')).ino
    spoil()
    must(await reuseWorktree(own, 'w1', base, { sameItem: true, prepared: [layer] }))
    const again = must(await reuseWorktree(own, 'w1', next, { sameItem: false, prepared: [layer] }))
    expect(again).toEqual({ name: 'w1-2', dir: path.join(own.data, 'worktrees/w1-2'), commit: next })
    expect(content(again.dir)).toEqual({ ...COMMIT, ...PREPARED })
    expect(fs.existsSync(path.join(again.dir, 'node_modules/evil'))).toBe(false)
    expect(rig.gitIn(again.dir, 'status', '--porcelain')).toBe('')
    expect(listWorktrees(own).map(({ name, state }) => [name, state])).toEqual([['w1-2', 'ours']])
    // What nobody touched was not copied again.
    expect(fs.statSync(path.join(again.dir, 'node_modules/dep')).ino).toBe(kept)
    expect(fs.lstatSync(path.join(again.dir, 'node_modules/link')).ino).toBe(link)
    const third = must(await reuseWorktree(own, 'w1-2', base, { sameItem: false, prepared: [] }))
    expect(third.name).toBe('w1-3')
    expect(content(third.dir)).toEqual({ ...COMMIT, 'a.txt': 'one\n', 'gone.txt': 'x\n' })
  })

  it('holds nothing that an earlier agent can still write to through a second name', async () => {
    const outside = rig.at('outside')
    fs.mkdirSync(outside)
    fs.linkSync(at('a.txt'), path.join(outside, 'tracked'))
    fs.linkSync(at('node_modules/dep/index.js'), path.join(outside, 'prepared'))
    const again = must(await reuseWorktree(own, 'w1', base, { sameItem: false, prepared: [layer] }))
    for (const name of ['tracked', 'prepared']) fs.appendFileSync(path.join(outside, name), 'later\n')
    expect(read(again.dir, 'a.txt')).toBe('one\n')
    expect(read(again.dir, 'node_modules/dep/index.js')).toBe('dep\n')
  })

  it('gets back what was changed to the same size and time', async () => {
    for (const file of ['src/b.txt', 'node_modules/dep/index.js']) {
      const { atime, mtime } = fs.statSync(at(file))
      fs.writeFileSync(at(file), read(worktree.dir, file).toUpperCase())
      fs.utimesSync(at(file), atime, mtime)
    }
    const again = must(await reuseWorktree(own, 'w1', base, { sameItem: false, prepared: [layer] }))
    expect(read(again.dir, 'src/b.txt')).toBe('two\n')
    expect(read(again.dir, 'node_modules/dep/index.js')).toBe('dep\n')
  })

  it('is not touched while a process has it in hand, and may be when that has ended', async () => {
    const shell = spawn('/bin/sh', ['-c', 'echo ready; read line'], {
      cwd: at('src'),
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    await once(shell.stdout, 'data')
    const options = { sameItem: false, prepared: [layer] }
    const refused = await reuseWorktree(own, 'w1', next, options)
    expect(refused).toMatchObject({ error: { code: 'worktree-busy', data: { pids: [shell.pid] } } })
    expect(removeWorktree(own, 'w1')).toMatchObject({ error: { code: 'worktree-busy' } })
    expect(read(worktree.dir, 'a.txt')).toBe('one\n')
    shell.stdin.end()
    await once(shell, 'exit')
    must(await reuseWorktree(own, 'w1', next, options))
  })

  it('is made anew where it is missing', async () => {
    fs.rmSync(worktree.dir, { recursive: true })
    const again = must(await reuseWorktree(own, 'w1', next, { sameItem: true, prepared: [layer] }))
    expect(again.name).toBe('w1')
    expect(content(again.dir)).toEqual({ ...COMMIT, ...PREPARED })
  })

  it('is refused where it is not the directory that we made', async () => {
    fs.cpSync(worktree.dir, rig.at('copy'), { recursive: true, verbatimSymlinks: true })
    fs.renameSync(worktree.dir, rig.at('away'))
    fs.renameSync(rig.at('copy'), worktree.dir)
    put(at('precious'), 'x\n')
    const options = { sameItem: true, prepared: [] }
    expect(await reuseWorktree(own, 'w1', next, options)).toMatchObject({
      error: { code: 'worktree-foreign' },
    })
    expect(removeWorktree(own, 'w1')).toMatchObject({ error: { code: 'worktree-foreign' } })
    expect(read(worktree.dir, 'precious')).toBe('x\n')
  })

  it('is refused where what we know of it cannot be read', async () => {
    put(path.join(own.data, 'inventory/w1.json'), '{')
    put(at('precious'), 'x\n')
    const options = { sameItem: true, prepared: [] }
    expect(await reuseWorktree(own, 'w1', next, options)).toMatchObject({
      error: { code: 'worktree-foreign' },
    })
    expect(await makeWorktree(own, 'w1', next)).toMatchObject({ error: { code: 'worktree-busy' } })
    expect(read(worktree.dir, 'precious')).toBe('x\n')
  })

  it('is gone when it is removed', async () => {
    must(removeWorktree(own, 'w1'))
    expect(listWorktrees(own)).toEqual([])
    expect(fs.existsSync(worktree.dir)).toBe(false)
    expect(rig.gitIn(own.dir, 'worktree', 'list').split('\n').length).toBe(1)
  })
})
