import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { sha256 } from '../../base/hash.ts'
import { errno, readFileSafe } from '../../base/read-file.ts'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { type PlainIndex, emptyIndex, plainIndex } from './index-bytes.ts'
import { indexKey, indexMark } from './index.ts'
import { Listing } from './listing.ts'
import type { Repo } from './repo.ts'
import { runGit } from './run.ts'
import type { Shadow } from './shadow.ts'
import { fsPath, pathText } from '../path-text.ts'

const TRIES = 5
const MOST_BYTES = 1 << 30

export interface Taken {
  readonly listing: Listing
  /** Names, from the top, that the repository's index has without content; the list lacks them. */
  readonly left: readonly string[]
}

/**
 * A list of our own of what is tracked now: the repository's index, made plain. With a commit: of what that holds, with the
 * stats of the index where it holds the same. Codes: workspace-busy, those of runGit,
 * scratch-unwritable.
 */
export async function takeListing(
  repo: Repo,
  shadow: Shadow,
  commit: string | null = null,
): Promise<Result<Taken>> {
  for (let tried = 0; tried < TRIES; tried++) {
    const mark = indexMark(repo)
    const source = commit === null ? indexKey(repo) : null
    const mtimeMs = timeOf(repo)
    const plain = await readPlain(repo, shadow, mtimeMs, commit)
    if (!plain.ok) return plain
    const { bytes, left } = plain.value
    if (indexMark(repo) !== mark) continue
    const record = { sha256: sha256(bytes), prefix: repo.prefix, mtimeMs, source }
    return ok({ listing: new Listing(record, { bytes, packing: pack(bytes) }), left })
  }
  return fail('workspace-busy', `the git index of ${repo.top} kept changing while it was read`)
}

async function readPlain(
  repo: Repo,
  shadow: Shadow,
  mtimeMs: number,
  commit: string | null,
): Promise<Result<PlainIndex>> {
  const absent = (name: Buffer): boolean => isAbsent(repo, name)
  const read = readFileSafe(`${repo.gitDir}/index`, { maxBytes: MOST_BYTES, follow: true })
  if (!read.ok && read.error.code !== 'missing') return fail('git-failed', read.error.message)
  const bytes = read.ok ? read.value : emptyIndex(repo.format)
  const plain = commit === null ? plainIndex(bytes, repo.format, absent) : null
  if (plain) return ok(plain)
  const written = await writtenByGit(repo, shadow, bytes, mtimeMs, commit)
  if (!written.ok) return written
  const joined = plainIndex(written.value, repo.format, absent)
  return joined ? ok(joined) : fail('git-failed', `the git index of ${repo.top} cannot be read`)
}

/** A split, sparse or compressed index, written by git once more as one list; or the list of a commit, out of an index. */
async function writtenByGit(
  repo: Repo,
  shadow: Shadow,
  bytes: Buffer,
  mtimeMs: number,
  commit: string | null,
): Promise<Result<Buffer>> {
  const dir = path.dirname(shadow.excludesFile)
  let work: string
  try {
    work = fs.mkdtempSync(path.join(dir, 'index-'))
    fs.writeFileSync(path.join(work, 'index'), bytes)
    fs.utimesSync(path.join(work, 'index'), mtimeMs / 1000, mtimeMs / 1000)
  } catch (error) {
    if (errno(error) === 'unknown') throw error
    return fail('scratch-unwritable', `${dir} cannot be written: ${systemWords(error)}`)
  }
  try {
    const calls = [
      ...(commit === null ? [] : [['read-tree', '--reset', commit]]),
      ['update-index', '--no-split-index', '--index-version', '2', '--force-write-index'],
    ]
    for (const args of calls) {
      const ran = await runGit(repo, shadow, { args, env: { GIT_INDEX_FILE: path.join(work, 'index') } })
      if (!ran.ok) return ran
    }
    const read = readFileSafe(path.join(work, 'index'), { maxBytes: MOST_BYTES })
    return read.ok ? read : fail('git-failed', read.error.message)
  } finally {
    fs.rmSync(work, { recursive: true, force: true })
  }
}

/** Nothing where a sparse checkout left a file out. */
function isAbsent(repo: Repo, name: Buffer): boolean {
  try {
    return fs.lstatSync(fsPath(repo.top, pathText(name)), { throwIfNoEntry: false }) === undefined
  } catch {
    return true
  }
}

/** Whole milliseconds, earlier rather than later; git takes a time of 0 for none. */
function timeOf(repo: Repo): number {
  const stat = fs.statSync(`${repo.gitDir}/index`, { throwIfNoEntry: false })
  return Math.max(1000, Math.min(Math.floor(stat?.mtimeMs ?? 0) - 1, Date.now()))
}

async function pack(bytes: Buffer): Promise<Buffer> {
  return promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
}
