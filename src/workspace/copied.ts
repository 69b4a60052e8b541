import fs from 'node:fs'
import path from 'node:path'
import { type Sha256, canonicalJson, sha256 } from '../base/hash.ts'
import { removeOwned } from '../base/owned-directory.ts'
import { readFileSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { syncDirectory } from '../base/write-file.ts'
import type { FrozenCopies } from '../definition/frozen.ts'
import { compileGlob } from '../evidence/glob.ts'
import { filesMatching } from '../evidence/kinds/matches.ts'
import { fsPath } from '../evidence/path-text.ts'
import { presentFiles } from '../evidence/present.ts'
import type { EvidenceOptions } from '../evidence/types.ts'
import { walkFiles } from '../evidence/walk.ts'
import { START_SECONDS } from './room/copy-one.ts'
import { Directories } from './room/directories.ts'
import { copiedDirectory } from '../evidence/copies-of-run.ts'

/** An ignored file as it was when a run began. */
export interface CopiedFile {
  /** Relative to the root. */
  readonly path: string
  readonly isExecutable: boolean
  readonly bytes: Buffer
}

export interface Copied {
  readonly files: readonly CopiedFile[]
  /** Globs that match nothing at all. */
  readonly unmatched: readonly string[]
}

/** All of it is in memory for a moment, and read again at each stop. */
export interface CopyLimits {
  readonly files: number
  readonly fileBytes: number
  readonly bytes: number
}
const LIMITS: CopyLimits = { files: 1000, fileBytes: 16 << 20, bytes: 64 << 20 }

/**
 * Reads the ignored files that these globs match. What git does not ignore is in a room as it is.
 * Codes: copy-refused (too many, too large, a link, not to be read), those of git.
 */
export async function readCopies(
  root: string,
  globs: readonly string[],
  options: EvidenceOptions,
  limits: CopyLimits = LIMITS,
): Promise<Result<Copied>> {
  const present = await presentFiles(root, options)
  if (!present.ok) return present
  const wanted = new Set<string>()
  const unmatched = globs.filter((glob) => {
    // One more than may be copied, beside all that are there anyway.
    const { found } = filesMatching(root, glob, present.value.size + limits.files + 1)
    for (const file of found) if (!present.value.has(file)) wanted.add(file)
    return found.length === 0
  })
  if (wanted.size > limits.files) {
    const [most] = globs.toSorted((a, b) => count(wanted, b) - count(wanted, a))
    return refused(`copy matches more than ${limits.files} ignored files, most of them ${most}`)
  }
  const files: CopiedFile[] = []
  let left = limits.bytes
  const source = new Directories(root)
  try {
    for (const file of [...wanted].sort()) {
      const dir = path.posix.dirname(file)
      const reached = source.reach(dir === '.' ? '' : dir)
      if (reached === null) continue
      const name = fsPath(reached.place, path.posix.basename(file))
      const read = readFileSafe(name as string, { maxBytes: limits.fileBytes })
      if (!read.ok) return refused(`${file} cannot be copied: ${why(read.error.code, limits)}`)
      left -= read.value.length
      if (left < 0)
        return refused(`the files of copy have more than ${limits.bytes} bytes, counted up to ${file}`)
      const mode = fs.lstatSync(name, { throwIfNoEntry: false })?.mode ?? 0
      files.push({ path: file, isExecutable: (mode & 0o100) !== 0, bytes: read.value })
    }
  } finally {
    source.close()
  }
  return ok({ files, unmatched })
}

function count(files: ReadonlySet<string>, glob: string): number {
  const matches = compileGlob(glob)
  return [...files].filter(matches).length
}

function why(code: string, { fileBytes }: CopyLimits): string {
  if (code === 'too-large') return `it has more than ${fileBytes} bytes`
  if (code === 'link') return 'it is a link, and where that leads is not this repository’s'
  return code === 'not-regular' ? 'it is not a regular file' : 'it cannot be read'
}

function refused(message: string): Result<never> {
  return fail('copy-refused', message, {
    fix: 'name fewer or smaller files in copy, then: autonomous-loop allow',
  })
}

/** Keeps them as a tree below this directory. Throws what the file system says. */
export function saveCopies(dir: string, { files, unmatched }: Copied): FrozenCopies {
  const sha = digestOf(files)
  const place = copiedDirectory(dir, sha)
  if (files.length === 0 || fs.existsSync(place)) return { sha256: sha, unmatched }
  const part = `${place}.${process.pid}`
  removeOwned(part)
  for (const { path: file, isExecutable, bytes } of files) {
    const target = fsPath(part, file)
    fs.mkdirSync(fsPath(part, path.posix.dirname(file)), { recursive: true, mode: 0o755 })
    fs.writeFileSync(target, bytes, { mode: isExecutable ? 0o755 : 0o644, flag: 'wx', flush: true })
    fs.utimesSync(target, START_SECONDS, START_SECONDS)
  }
  fs.renameSync(part, place)
  syncDirectory(dir)
  return { sha256: sha, unmatched }
}

/** What was kept, if it still is what it was. Code: copy-changed. */
export function loadCopies(dir: string, sha: Sha256): Result<Copied['files']> {
  const place = copiedDirectory(dir, sha)
  const files: CopiedFile[] = []
  for (const file of [...walkFiles(place, '', () => true)].sort()) {
    const name = fsPath(place, file)
    const read = readFileSafe(name as string, { maxBytes: LIMITS.fileBytes })
    if (!read.ok) return changed(place)
    files.push({ path: file, isExecutable: (fs.lstatSync(name).mode & 0o100) !== 0, bytes: read.value })
  }
  return digestOf(files) === sha ? ok(files) : changed(place)
}

function changed(place: string): Result<never> {
  return fail('copy-changed', `${place} does not hold what was copied when the run began`)
}

function digestOf(files: Copied['files']): Sha256 {
  return sha256(canonicalJson(files.map((one) => [one.path, one.isExecutable, sha256(one.bytes)])))
}
