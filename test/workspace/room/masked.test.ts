import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { repoAt } from '../../../src/evidence/git/repo.ts'
import { otherWorktrees } from '../../../src/workspace/room/masked.ts'

let dir: string
const at = (name: string): string => path.join(dir, name)
const git = (...args: string[]): void => {
  execFileSync('git', args, {
    cwd: at('main'),
    env: { PATH: '/usr/bin:/bin', HOME: dir, GIT_CONFIG_NOSYSTEM: '1' },
    stdio: 'pipe',
  })
}
const seenFrom = (name: string): string[] =>
  otherWorktrees(repoAt(at(name))!)
    .map((place) => path.relative(dir, place))
    .sort()

beforeEach(() => {
  dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-masked-')))
  fs.mkdirSync(at('main'))
  git('init', '-q', '-b', 'main')
  git('-c', 'user.name=x', '-c', 'user.email=x@x', 'commit', '-q', '--allow-empty', '-m', 'start')
  git('worktree', 'add', '-q', at('other'))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

test('all work trees of the repository but the own one', () => {
  git('worktree', 'add', '-q', at('third'))
  expect(seenFrom('main')).toEqual(['other', 'third'])
  expect(seenFrom('other')).toEqual(['main', 'third'])
})

test('a directory that knows nothing of the repository stays in sight', () => {
  fs.mkdirSync(at('tools'))
  fs.mkdirSync(at('main/.git/worktrees/forged'))
  fs.writeFileSync(at('main/.git/worktrees/forged/gitdir'), `${at('tools')}/.git\n`)
  expect(seenFrom('main')).toEqual(['other'])
  fs.mkdirSync(at('tools/.git'))
  expect(seenFrom('main')).toEqual(['other'])
})
