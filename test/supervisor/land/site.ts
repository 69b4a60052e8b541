import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import fg from 'fast-glob'
import { expect } from '@jest/globals'
import type { ScriptedGithub } from '../../rig/github.ts'
import { type Ran, type Site, item, makeSite } from '../rig.ts'

export interface Landable extends Site {
  /** Git in the remote, a bare repository on this disk. */
  remote(...args: string[]): string
  /** Somebody else commits this to a branch of the remote, which becomes that commit. */
  theirs(files: Readonly<Record<string, string>>, branch?: string): string
  /** Where a branch of the remote is; '' where it is not there. */
  tip(branch?: string): string
  /** Everything here and there as it was when the batch had come to its end. */
  reset(): void
  /** What is on record of the batch. */
  ledger(): string
}

/** A batch with one item done: a new file, and one that is changed; and a remote that `origin` names. */
export async function landable(files: Readonly<Record<string, string>> = {}): Promise<Landable> {
  const site = makeSite({
    items: { '001-cart.md': item({ title: 'Add a cart' }) },
    files: { 'src/lines.txt': '1\n2\n3\n4\n5\n6\n7\n8\n9\n', ...files },
    script: {
      '001': [
        {
          steps: [
            { write: 'src/cart.txt', text: 'cart\n' },
            { write: 'src/lines.txt', text: 'one\n2\n3\n4\n5\n6\n7\n8\n9\n' },
          ],
        },
      ],
    },
  })
  const there = site.at('remote.git')
  const remote = (...args: string[]): string =>
    execFileSync('git', ['--git-dir', there, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', there])
  site.git('remote', 'add', 'origin', there)
  site.git('push', '-q', 'origin', 'main')
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  const ran = await site.cli(['run', '--json'])
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  const tip = (branch = 'main'): string =>
    remote('for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`).trim()
  const records = fg
    .sync(path.join(site.home, 'batches/*/*/ledger.jsonl'), { dot: true })
    .map((file) => [file, fs.readFileSync(file)] as const)
  const start = site.git('rev-parse', 'main').trim()
  const own = (...args: string[]): string =>
    execFileSync('git', ['--git-dir', site.bare(), ...args], { encoding: 'utf8' })
  const heads = (git: typeof own, below: string): readonly string[] =>
    git('for-each-ref', '--format=update %(refname) %(objectname)', below).split('\n').filter(Boolean)
  const ours = heads(own, 'refs/autonomous-loop/heads')
  const published = heads((...args) => site.git(...args), 'refs/heads/autonomous-loop')
  return {
    ...site,
    remote,
    ledger: () => records.map(([file]) => fs.readFileSync(file, 'utf8')).join(''),
    reset: () => {
      for (const [file, text] of records) fs.writeFileSync(file, text)
      site.git('checkout', '-q', '-f', '-B', 'main', start)
      for (const line of ours) own('update-ref', ...line.split(' ').slice(1))
      for (const line of published) site.git('update-ref', ...line.split(' ').slice(1))
      site.git('clean', '-qfd')
      site.git('remote', 'set-url', 'origin', there)
      for (const ref of remote('for-each-ref', '--format=%(refname)').split('\n').filter(Boolean))
        remote('update-ref', '-d', ref)
      remote('update-ref', 'refs/heads/main', start)
      for (const hook of [site.at('repo/.git/hooks/pre-push'), path.join(there, 'hooks/update')])
        fs.rmSync(hook, { force: true })
    },
    tip,
    theirs: (changed, branch = 'main') => {
      const clone = site.at('clone')
      fs.rmSync(clone, { recursive: true, force: true })
      execFileSync('git', ['clone', '-q', '-b', branch, there, clone], { stdio: 'ignore' })
      for (const [file, text] of Object.entries(changed)) fs.writeFileSync(path.join(clone, file), text)
      const git = (...args: string[]): unknown =>
        execFileSync('git', ['-c', 'user.name=O', '-c', 'user.email=o@example.org', ...args], { cwd: clone })
      git('add', '-A')
      git('commit', '-qm', 'theirs')
      git('push', '-q')
      return tip(branch)
    },
  }
}

/** What a command said that did not do what it was to do. */
export function errorOf({ code, stdout }: Ran): { readonly code: number | null; readonly error: string } {
  const said = JSON.parse(stdout || '{}') as { readonly error_code?: string; readonly message?: string }
  return { code, error: `${said.error_code}: ${said.message}` }
}

export const dataOf = ({ stdout }: Ran): Readonly<Record<string, unknown>> =>
  JSON.parse(stdout) as Readonly<Record<string, unknown>>

/** The remote has the address of a repository on GitHub from now on, and lies on this disk; `gh` of the person speaks to the scripted one. */
export function atGithub(site: Landable, github: Pick<ScriptedGithub, 'configure'>): void {
  const home = site.env['HOME'] ?? ''
  github.configure(home)
  const lines = [`[url "${site.at('remote.git')}"]`, '\tinsteadOf = https://github.com/o/r.git', '']
  fs.writeFileSync(path.join(home, '.gitconfig'), lines.join('\n'))
  site.git('remote', 'set-url', 'origin', 'https://github.com/o/r.git')
}
