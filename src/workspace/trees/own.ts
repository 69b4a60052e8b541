import fs from 'node:fs'
import path from 'node:path'
import { isExecutable } from '../../base/file-kind.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { isWithin, realPath } from '../../base/within.ts'
import { refsNow } from '../../evidence/git/refs.ts'
import { type Repo, findRepo } from '../../evidence/git/repo.ts'
import { readSettings } from '../../evidence/git/settings.ts'
import { openShadow } from '../../evidence/git/shadow.ts'
import { repoHash } from '../../evidence/repo-root.ts'
import type { EvidenceOptions, GitSettings } from '../../evidence/types.ts'
import { gitObjects, gitOwn } from './git.ts'
import { linkHistory } from './history.ts'
import { readIdentity } from './identity.ts'
import { writeSettings } from './own-settings.ts'
import { movedFrom, placeBefore, pointAnew, recordPlace } from './moved.ts'
import type { OwnRepository } from './types.ts'

export interface OwnOptions {
  /** The directory of all repositories' data: an absolute path, not below the temp directory, a home of ours or the repository. */
  readonly data: string
  /** A directory in the person's checkout. */
  readonly root: string
  readonly vars: EvidenceOptions['vars']
  /** Where git is looked up. */
  readonly gitPath: string
  /** For one call of git. */
  readonly timeoutMs: number
  /** As the batch recorded them. Absent: as git's configuration has them now. */
  readonly settings?: GitSettings
  /** A person said that the repository is the one that we know from another place. */
  readonly adopt?: boolean
}

/** 16 hex digits for the repository with this common directory. */
export function repoId(commonDir: string): string {
  return repoHash(commonDir)
}

/**
 * Opens our repository beside the person's, and makes it at first: a bare one that holds the person's objects by link, their refs,
 * and no configuration but ours. Nothing of the person's repository runs, and nothing in it is written.
 * Codes: git-gone (no repository), repository-moved, git-not-found, scratch-unwritable, and those of git.
 */
export async function openOwn(options: OwnOptions): Promise<Result<OwnRepository>> {
  const repo = findRepo(options.root)
  if (repo === null) return fail('git-gone', `${options.root} is not in a git repository`)
  const commonDir = realPath(repo.commonDir)
  const data = path.join(options.data, repoId(commonDir))
  const was = placeBefore(options.data, data, commonDir)
  if (was !== null && options.adopt !== true) return movedFrom(was.commonDir, commonDir)
  if (was !== null && was.data !== data) fs.renameSync(was.data, data)
  const evidence = { ...options, scratch: path.join(data, 'settings') }
  const settings = options.settings ?? readSettings(repo, evidence)
  fs.mkdirSync(data, { recursive: true, mode: 0o700 })
  const shadow = openShadow(repo.top, repo.format, settings, evidence)
  if (!shadow.ok) return shadow
  const { format, top, gitDir } = repo
  const own: OwnRepository = {
    dir: path.join(data, 'repo.git'),
    data,
    git: shadow.value.git,
    timeoutMs: options.timeoutMs,
    format,
    lfs: findLfs(top, options.gitPath),
    shadow: shadow.value,
    person: { top, gitDir, commonDir, identity: { name: '', email: '' } },
  }
  const identity = await readIdentity(own, options.vars)
  if (!identity.ok) return identity
  const made = await makeBare(own, { ...repo, commonDir })
  if (!made.ok) return made
  writeSettings(own)
  if (was !== null) pointAnew(own, was.data)
  recordPlace(data, commonDir)
  return ok({ ...own, person: { ...own.person, identity: identity.value } })
}

function findLfs(top: string, gitPath: string): string | null {
  const files = gitPath.split(':').map((dir) => path.join(dir, 'git-lfs'))
  const usable = (file: string): boolean => path.isAbsolute(file) && !isWithin(realPath(file), realPath(top))
  return files.find((file) => usable(file) && isExecutable(file)) ?? null
}

/** Begins with `repo.git` under another name, so that one that was cut short is never taken for one. */
async function makeBare(own: OwnRepository, repo: Repo): Promise<Result<void>> {
  if (fs.existsSync(own.dir)) return ok(undefined)
  const dir = `${own.dir}.new`
  fs.rmSync(dir, { recursive: true, force: true })
  for (const part of ['objects/info', 'objects/pack', 'refs/heads', 'history', 'worktrees'])
    fs.mkdirSync(path.join(dir, part), { recursive: true, mode: 0o700 })
  fs.writeFileSync(path.join(dir, 'HEAD'), 'ref: refs/heads/none\n')
  // Objects of ours are looked up first: `bringIn` reads what a commit holds anew, and no file that others link stands for it.
  linkHistory(path.join(repo.commonDir, 'objects'), path.join(dir, 'history'))
  fs.writeFileSync(path.join(dir, 'objects', 'info', 'alternates'), '../history\n')
  const refs = await refsNow(repo, own.shadow)
  if (!refs.ok) return refs
  const lines = refs.value.list
    .filter(([name]) => /^refs\/(?:heads|tags|remotes)\//.test(name))
    .map(([name, oid]) => `${oid} ${name}\n`)
  fs.writeFileSync(path.join(dir, 'packed-refs'), lines.join(''))
  fs.renameSync(dir, own.dir)
  return ok(undefined)
}

/** The commit or other object of a ref of ours; null where there is none. */
export async function refAt(own: OwnRepository, ref: string): Promise<Result<string | null>> {
  const asked = await gitOwn(own, { args: ['rev-parse', '--verify', '--quiet', ref], accept: [1] })
  return asked.ok ? ok(asked.value.toString('latin1').trim() || null) : asked
}

export async function isAncestor(own: OwnRepository, a: string, b: string): Promise<Result<boolean>> {
  // It says with its exit code, so the bases are asked for.
  const bases = await gitObjects(own, { args: ['merge-base', '--all', a, b], accept: [1] })
  if (!bases.ok) return bases
  return ok(bases.value.toString('latin1').split('\n').includes(a))
}
