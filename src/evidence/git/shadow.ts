import fs from 'node:fs'
import path from 'node:path'
import { errno, readFileSafe, readTextSafe } from '../../base/read-file.ts'
import { systemWords } from '../../base/system-words.ts'
import { sha256 } from '../../base/hash.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { isWithin, realPath } from '../../base/within.ts'
import type { EvidenceOptions, GitSettings } from '../types.ts'

/** A git binary and the empty common directory that stands in for a repository's own. */
export interface Shadow {
  readonly git: string
  readonly dir: string
  /** Holds the frozen excludes. */
  readonly excludesFile: string
  readonly settings: GitSettings
  readonly timeoutMs: number
}

/**
 * Our calls of git never read the repository's configuration: GIT_COMMON_DIR points to a directory of ours with a fixed
 * config, no hooks, no attributes, no excludes, no replace refs; only objects, index and work tree are the repository's. So
 * fsmonitor, filters, aliases, includes, promisor remotes or a changed core.worktree have nothing to say.
 * Errors: `git-not-found`, `scratch-unwritable`.
 */
export function openShadow(
  root: string,
  format: 'sha1' | 'sha256',
  settings: GitSettings,
  options: EvidenceOptions,
): Result<Shadow> {
  const git = findGit(root, options.gitPath)
  if (git === null)
    return fail(
      'git-not-found',
      `no git in ${options.gitPath || 'an empty PATH'}, but ${root} is a git repository`,
      {
        fix: 'install git',
      },
    )
  const dir = path.join(options.scratch, `git-${format}`)
  const excludesFile = path.join(options.scratch, `excludes-${sha256(settings.excludes).slice(0, 16)}`)
  try {
    for (const part of ['refs', 'objects'])
      fs.mkdirSync(path.join(dir, part), { recursive: true, mode: 0o700 })
    keep(path.join(dir, 'HEAD'), 'ref: refs/heads/none\n')
    keep(path.join(dir, 'config'), CONFIG[format])
    keep(excludesFile, settings.excludes)
  } catch (error) {
    if (errno(error) === 'unknown') throw error
    return fail('scratch-unwritable', `${options.scratch} cannot be written: ${systemWords(error)}`)
  }
  return ok({ git, dir, excludesFile, settings, timeoutMs: options.timeoutMs })
}

/** First executable `git` of a PATH list, passing over relative entries and the workspace. */
export function findGit(root: string, gitPath: string): string | null {
  for (const dir of gitPath.split(':')) {
    const file = path.join(dir, 'git')
    if (!path.isAbsolute(dir) || isWithin(realPath(file), realPath(root))) continue
    try {
      fs.accessSync(file, fs.constants.X_OK)
      if (fs.statSync(file).isFile()) return file
    } catch {
      // Not here: the next directory.
    }
  }
  return null
}

const CONFIG = {
  sha1: '[core]\n\trepositoryformatversion = 0\n\tbare = false\n',
  sha256: '[core]\n\trepositoryformatversion = 1\n\tbare = false\n[extensions]\n\tobjectFormat = sha256\n',
}

/** For files whose name says what they hold. Throws on a system error. */
export function writeFileOnce(file: string, bytes: Buffer): void {
  const read = readFileSafe(file, { maxBytes: 16 << 20 })
  if (!read.ok || !read.value.equals(bytes)) writeFileWhole(file, bytes)
}

function keep(file: string, text: string): void {
  const read = readTextSafe(file, { maxBytes: 16 << 20 })
  if (!read.ok || read.value !== text) writeFileWhole(file, text)
}
