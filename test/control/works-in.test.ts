import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { writeLive } from '../../src/records/live.ts'
import { worksIn } from '../../src/control/works-in.ts'
import { findRepoRoot } from '../../src/evidence/repo-root.ts'

let dir = ''
const at = (name: string): string => path.join(dir, name)
const git = (cwd: string, ...args: string[]): void =>
  void execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@localhost', ...args], {
    cwd: at(cwd),
    stdio: 'pipe',
  })

beforeAll(() => {
  dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'works-in-')))
  for (const name of ['a/src', 'a/packages/p/.codex', "b's", 'clones/c', 'late/sub', 'home'])
    fs.mkdirSync(at(name), { recursive: true })
  fs.writeFileSync(at('a/packages/p/.codex/autoloop.project.json'), '{}')
  for (const name of ['a', "b's", 'clones/c']) git(name, 'init', '-q')
  git('a', 'commit', '-qm', 'x', '--allow-empty')
  git('a', 'worktree', 'add', '-q', at('a/trees/w'))
  git('a', 'worktree', 'add', '-q', at('beside'))
  fs.symlinkSync(at('a'), at('link'))
})
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }))

/** Where Codex was started, and where somebody asks. */
const rows: [session: string, asked: string, works: boolean][] = [
  ['a', 'a', true],
  ['a', 'a/src', true],
  ['a/src', 'a', true],
  ['link', 'a/src', true],
  ['a', 'link', true],
  ['a', 'a/packages/p', true],
  ['a/packages/p', 'a', false],
  ['a', "b's", false],
  ["b's", 'a', false],
  ['a', 'a/trees/w', false],
  ['a', 'beside', false],
  ['beside', 'beside', true],
  ['beside', 'a', false],
  ['clones', 'clones/c', true],
  ['clones/c', 'clones', false],
]
test.each(rows)('a session in %s, asked for from %s', (session, asked, works) => {
  const [cwd, root] = [at(session), findRepoRoot(at(asked))]
  const repoRoot = findRepoRoot(cwd)
  const record = {
    codex: null,
    at: 1,
    source: 'startup',
    head: null,
    spool: '/none',
    config: null,
    pins: null,
  }
  writeLive(at('home'), { v: 1, sessionId: 's', cwd, repoRoot, ...record })
  const fix = repoRoot.includes("'") ? `'${repoRoot.replace("'", "'\\''")}'` : repoRoot
  expect(worksIn(at('home'), 's', root)).toMatchObject(
    works ? { ok: true } : { ok: false, error: { code: 'foreign-root', fix: `the same with --cwd ${fix}` } },
  )
})

test('a session without a record, and one whose directory became a repository after its start', () => {
  expect(worksIn(at('home'), 'unknown', at('a')).ok).toBe(true)
  const record = {
    codex: null,
    at: 1,
    source: 'startup',
    head: null,
    spool: '/none',
    config: null,
    pins: null,
  }
  writeLive(at('home'), { v: 1, sessionId: 's', cwd: at('late/sub'), repoRoot: at('late/sub'), ...record })
  expect(worksIn(at('home'), 's', at('late')).ok).toBe(false)
  git('late', 'init', '-q')
  expect(worksIn(at('home'), 's', findRepoRoot(at('late'))).ok).toBe(true)
})
