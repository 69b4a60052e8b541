import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'

/** The places of one repository, found without running git or reading its configuration for anything but the object format. */
export interface Repo {
  /** Top of the work tree, a real path. */
  readonly top: string
  /** Where the root lies below `top`: '' or `packages/a/`. */
  readonly prefix: string
  readonly gitDir: string
  readonly commonDir: string
  readonly format: 'sha1' | 'sha256'
  /** Where git finds the index, if not in `gitDir`. */
  readonly indexFile?: string
}

const SMALL = { maxBytes: 1 << 20 }

/** The repository whose work tree holds `root`; null when there is none. A `.git` that is no repository is passed over, as git does. */
export function findRepo(root: string): Repo | null {
  let dir: string
  try {
    dir = fs.realpathSync(root)
  } catch {
    return null
  }
  const start = dir
  for (;;) {
    const repo = repoAt(dir)
    if (repo) return { ...repo, prefix: start === dir ? '' : `${path.relative(dir, start)}/` }
    const parent = path.dirname(dir)
    if (parent === dir) return null
    dir = parent
  }
}

/** The repository of exactly this work tree: a `.git` directory, or a file that names one (worktree, submodule). */
export function repoAt(top: string): Repo | null {
  const gitDir = gitDirOf(path.join(top, '.git'))
  if (gitDir === null) return null
  const named = readTextSafe(path.join(gitDir, 'commondir'), SMALL)
  const commonDir = named.ok ? path.resolve(gitDir, named.value.trim()) : gitDir
  if (!exists(path.join(gitDir, 'HEAD')) || !exists(path.join(commonDir, 'objects'))) return null
  return { top, prefix: '', gitDir, commonDir, format: objectFormat(commonDir) }
}

/**
 * Commit of HEAD as 40 or 64 hex digits; null before the first commit, undefined when only git itself can tell (reftable).
 * Reads HEAD, the loose ref and packed-refs: no process.
 */
export function readHead(repo: Repo): string | null | undefined {
  if (exists(path.join(repo.commonDir, 'reftable'))) return undefined
  let ref = 'HEAD'
  for (let depth = 0; depth < 6; depth++) {
    const dir = ref === 'HEAD' || ref.startsWith('refs/worktree/') ? repo.gitDir : repo.commonDir
    // HEAD may be a link in very old repositories.
    const read = readTextSafe(path.join(dir, ref), { ...SMALL, follow: true })
    if (!read.ok) return packedRef(repo, ref)
    const text = read.value.trim()
    if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text)) return text
    const next = /^ref:\s*(\S+)$/.exec(text)?.[1]
    if (next === undefined || !next.startsWith('refs/') || next.split('/').includes('..')) return undefined
    ref = next
  }
  return undefined
}

function packedRef(repo: Repo, ref: string): string | null | undefined {
  const packed = readTextSafe(path.join(repo.commonDir, 'packed-refs'), { maxBytes: 256 << 20 })
  if (!packed.ok) return packed.error.code === 'missing' ? null : undefined
  const at = packed.value.indexOf(` ${ref}\n`)
  const oid = at < 0 ? undefined : packed.value.slice(packed.value.lastIndexOf('\n', at) + 1, at)
  return oid ?? null
}

function gitDirOf(dotGit: string): string | null {
  const stat = statOf(dotGit)
  if (stat?.isDirectory()) return dotGit
  if (!stat?.isFile()) return null
  const read = readTextSafe(dotGit, { ...SMALL, follow: true })
  const target = read.ok ? /^gitdir: (.+?)\r?\n?$/.exec(read.value)?.[1] : undefined
  return target === undefined ? null : path.resolve(path.dirname(dotGit), target)
}

function objectFormat(commonDir: string): 'sha1' | 'sha256' {
  const config = readTextSafe(path.join(commonDir, 'config'), { ...SMALL, follow: true })
  return config.ok && /^[ \t]*objectformat[ \t]*=[ \t]*"?sha256"?[ \t]*$/im.test(config.value)
    ? 'sha256'
    : 'sha1'
}

function exists(file: string): boolean {
  return statOf(file) !== undefined
}

function statOf(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
