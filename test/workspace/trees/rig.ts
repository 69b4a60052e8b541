import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { openOwn } from '../../../src/workspace/trees/own.ts'
import type { OwnRepository } from '../../../src/workspace/trees/types.ts'
import { findGit } from '../../../src/evidence/git/shadow.ts'
import { gatePath, must } from '../../judging/rig.ts'

export { must }

/** A person's repository and a data directory of ours, below the person's home. */
export interface Rig {
  readonly dir: string
  readonly top: string
  at(...names: string[]): string
  /** Git as the person runs it. */
  git(...args: string[]): string
  gitIn(cwd: string, ...args: string[]): string
  write(file: string, text: string): void
  /** Commits all that is in the checkout. */
  commit(message: string): string
  open(more?: Partial<Parameters<typeof openOwn>[0]>): Promise<OwnRepository>
  remove(): void
}

export function makeRig(files: Readonly<Record<string, string>>): Rig {
  const dir = fs.mkdtempSync(path.join(fs.realpathSync(os.homedir()), '.autoloop-trees-'))
  const at = (...names: string[]): string => path.join(dir, ...names)
  const gitIn = (cwd: string, ...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
      cwd,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: dir },
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  const top = at('person')
  const rig: Rig = {
    dir,
    top,
    at,
    git: (...args) => gitIn(top, ...args),
    gitIn,
    write: (file, text) => put(path.join(top, file), text),
    commit(message) {
      gitIn(top, 'add', '-A')
      gitIn(top, 'commit', '-qm', message)
      return gitIn(top, 'rev-parse', 'HEAD')
    },
    open: async (more = {}) => must(await openOwn(optionsOf(rig, more))),
    remove: () => fs.rmSync(dir, { recursive: true, force: true }),
  }
  fs.mkdirSync(top)
  gitIn(top, 'init', '-q', '-b', 'main')
  for (const [file, text] of Object.entries(files)) rig.write(file, text)
  rig.commit('start')
  return rig
}

export function optionsOf(
  rig: Rig,
  more: Partial<Parameters<typeof openOwn>[0]> = {},
): Parameters<typeof openOwn>[0] {
  return {
    data: rig.at('data'),
    root: rig.top,
    vars: { HOME: rig.dir },
    gitPath: justGit(rig),
    timeoutMs: 60_000,
    ...more,
  }
}

export function put(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
}

export function read(dir: string, file: string): string {
  return fs.readFileSync(path.join(dir, file), 'utf8')
}

/** Every byte below a directory, by path; of a link its text. */
export function bytesOf(dir: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const entry of fs.readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink()) found[path.relative(dir, file)] = `-> ${fs.readlinkSync(file)}`
    else if (entry.isFile()) found[path.relative(dir, file)] = fs.readFileSync(file, 'latin1')
  }
  return found
}

/** A PATH with git and nothing else, so that what this machine has besides says nothing. */
function justGit(rig: Rig): string {
  const git = findGit(rig.top, gatePath)
  if (git === null) throw new Error('no git')
  fs.mkdirSync(rig.at('git-only'), { recursive: true })
  if (!fs.existsSync(rig.at('git-only/git'))) fs.symlinkSync(git, rig.at('git-only/git'))
  return rig.at('git-only')
}
