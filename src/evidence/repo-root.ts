import fs from 'node:fs'
import path from 'node:path'
import { sha256 } from '../base/hash.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { headOf } from './git/head.ts'
import { refsNow } from './git/refs.ts'
import { findRepo, readHead, repoAt } from './git/repo.ts'
import { openShadow } from './git/shadow.ts'
import { realPath } from '../base/within.ts'
import type { EvidenceOptions, Refs } from './types.ts'

/**
 * The root of the workspace: nearest parent with `.codex/autoloop.project.json`, else nearest with a `.git` that is a
 * repository, else cwd itself. Returns a real path. An empty `.git` says nothing: Codex's sandbox makes one in every writable
 * root, and where that is the temp directory it stays.
 */
export function findRepoRoot(cwd: string): string {
  const start = realPath(cwd)
  const configured = nearest(start, (dir) => fs.existsSync(path.join(dir, '.codex/autoloop.project.json')))
  return configured ?? nearest(start, (dir) => repoAt(dir) !== null) ?? start
}

/** 16 hex digits for a root: SHA-256 of its real path, case-folded where the file system folds case. */
export function repoHash(root: string): string {
  const real = realPath(root)
  return sha256(foldsCase(real) ? real.toLowerCase() : real).slice(0, 16)
}

/** Commit of HEAD where a work tree has one; null without git, before the first commit, or when git cannot tell. */
export async function gitHead(root: string, options: EvidenceOptions): Promise<string | null> {
  const repo = findRepo(root)
  if (repo === null) return null
  const read = readHead(repo)
  if (read !== undefined) return read
  const shadow = openShadow(root, repo.format, { excludes: '', autocrlf: null, eol: null }, options)
  if (!shadow.ok) return null
  const asked = await headOf(repo, shadow.value)
  return asked.ok ? asked.value : null
}

/** Branches and tags; null without git, or when git cannot tell. */
export async function gitRefs(root: string, options: EvidenceOptions): Promise<Refs | null> {
  const repo = findRepo(root)
  if (repo === null) return null
  const shadow = openShadow(root, repo.format, { excludes: '', autocrlf: null, eol: null }, options)
  if (!shadow.ok) return null
  const asked = await refsNow(repo, shadow.value)
  return asked.ok ? asked.value : null
}

function nearest(start: string, is: (dir: string) => boolean): string | null {
  for (let dir = start; ; dir = path.dirname(dir)) {
    if (is(dir)) return dir
    if (dir === path.dirname(dir)) return null
  }
}

function foldsCase(real: string): boolean {
  const other = real === real.toUpperCase() ? real.toLowerCase() : real.toUpperCase()
  if (other === real) return false
  try {
    const [a, b] = [fs.statSync(real), fs.statSync(other)]
    return a.ino === b.ino && a.dev === b.dev
  } catch {
    return false
  }
}

/** Whether a run's repository is where it was; every file of it would else seem to be removed. Code: repo-gone. */
export function stillThere(root: string): Result<void> {
  return isGone(root)
    ? fail(
        'repo-gone',
        `the repository is no longer at ${root}: it was renamed, moved or removed. Put it back there, or end the run (autonomous-loop disable) and begin one where it is now`,
      )
    : ok(undefined)
}

/** What cannot be looked at for another reason is there. */
export function isGone(root: string): boolean {
  try {
    return fs.statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true
  } catch {
    return false
  }
}
