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
 * A list of our own of what is tracked now: the repository's index, made plain. Codes: workspace-busy, those of runGit,
 * scratch-unwritable.
 */
export async function takeListing(repo: Repo, shadow: Shadow): Promise<Result<Taken>> {
  for (let tried = 0; tried < TRIES; tried++) {
    const mark = indexMark(repo)
    const source = indexKey(repo)
    const mtimeMs = timeOf(repo)
    const plain = await readPlain(repo, shadow, mtimeMs)
    if (!plain.ok) return plain
    const { bytes, left } = plain.value
    if (indexMark(repo) !== mark) continue
    const record = { sha256: sha256(bytes), prefix: repo.prefix, mtimeMs, source }
    return ok({ listing: new Listing(record, { bytes, packing: pack(bytes) }), left })
  }
  return fail('workspace-busy', `the git index of ${repo.top} kept changing while it was read`)
}

async function readPlain(repo: Repo, shadow: Shadow, mtimeMs: number): Promise<Result<PlainIndex>> {
  const absent = (name: Buffer): boolean => isAbsent(repo, name)
  const read = readFileSafe(`${repo.gitDir}/index`, { maxBytes: MOST_BYTES, follow: true })
  if (!read.ok)
    return read.error.code === 'missing'
      ? ok({ bytes: emptyIndex(repo.format), left: [] })
      : fail('git-failed', read.error.message)
  const plain = plainIndex(read.value, repo.format, absent)
  if (plain) return ok(plain)
  const written = await writtenByGit(repo, shadow, read.value, mtimeMs)
  if (!written.ok) return written
  const joined = plainIndex(written.value, repo.format, absent)
  return joined ? ok(joined) : fail('git-failed', `the git index of ${repo.top} cannot be read`)
}

/** A split, sparse or compressed index, written by git once more as one list. */
async function writtenByGit(
  repo: Repo,
  shadow: Shadow,
  bytes: Buffer,
  mtimeMs: number,
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
    const ran = await runGit(repo, shadow, {
      args: ['update-index', '--no-split-index', '--index-version', '2', '--force-write-index'],
      env: { GIT_INDEX_FILE: path.join(work, 'index') },
    })
    if (!ran.ok) return ran
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
