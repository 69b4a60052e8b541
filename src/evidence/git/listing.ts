import fs from 'node:fs'
import path from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { type Sha256, sha256 } from '../../base/hash.ts'
import { errno, readFileSafe } from '../../base/read-file.ts'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { IndexView } from './index-view.ts'

/** What a baseline says of its list of files. */
export interface ListingRecord {
  /** Of the unpacked bytes. */
  readonly sha256: Sha256
  /** Where the root lies below the top of the work tree: '' or `packages/a/`. */
  readonly prefix: string
  /**
   * Time of the list as git must see it, not later than the index it was made from: git reads again every file that is not
   * older, because it may have changed unseen.
   */
  readonly mtimeMs: number
  /** Names the state of the repository's own index at the start (see indexKey). */
  readonly source: string | null
}

interface Opened {
  readonly view: IndexView
  /** Of the copy whose bytes were checked. */
  readonly mark: string
}

const MOST_PACKED = 256 << 20
const MOST_UNPACKED = 1 << 30

/**
 * The start's own list of tracked files: path, mode, blob and stat, as an index that git can read, kept in the home beside
 * the baseline. The scratch has an unpacked copy, which is believed by its hash.
 */
export class Listing implements ListingRecord {
  readonly sha256: Sha256
  readonly prefix: string
  readonly mtimeMs: number
  readonly source: string | null
  readonly #bytes: Buffer | null
  #packing: Promise<Buffer> | null
  #packed: Buffer | null = null
  readonly #dir: string
  #opened: Opened | null = null

  /** `from`: what was just taken, or the directory where it is kept. */
  constructor(
    { sha256: sha, prefix, mtimeMs, source }: ListingRecord,
    from: { readonly bytes: Buffer; readonly packing: Promise<Buffer> } | { readonly dir: string },
  ) {
    this.sha256 = sha
    this.prefix = prefix
    this.mtimeMs = mtimeMs
    this.source = source
    this.#bytes = 'bytes' in from ? from.bytes : null
    this.#packing = 'bytes' in from ? from.packing : null
    this.#dir = 'dir' in from ? from.dir : ''
  }

  /** Packing goes on while git looks at the work tree; before it is saved, it must be done. */
  async packed(): Promise<void> {
    this.#packed = await this.#packing
    this.#packing = null
  }

  /** Throws on a system error. */
  saveIn(dir: string): void {
    const file = listingFile(dir, this.sha256)
    if (fs.existsSync(file)) return
    if (this.#packed) writeFileWhole(file, this.#packed)
    else fs.copyFileSync(listingFile(this.#dir, this.sha256), file)
  }

  /** Codes: baseline-missing, baseline-changed. */
  bytes(): Result<Buffer> {
    if (this.#bytes) return ok(this.#bytes)
    const file = listingFile(this.#dir, this.sha256)
    const packed = readFileSafe(file, { maxBytes: MOST_PACKED })
    if (!packed.ok)
      return fail(
        packed.error.code === 'missing' ? 'baseline-missing' : 'baseline-changed',
        packed.error.message,
      )
    try {
      const bytes = brotliDecompressSync(packed.value, { maxOutputLength: MOST_UNPACKED })
      if (sha256(bytes) === this.sha256) return ok(bytes)
    } catch {
      // Not what was packed.
    }
    return fail('baseline-changed', `${file} does not hold what was saved`)
  }

  /** The copy in the scratch, for GIT_INDEX_FILE. One of another time is another: two runs would make it anew for each other for ever. */
  copyIn(scratch: string): string {
    return path.join(scratch, `listing-${this.sha256}-${this.mtimeMs}`)
  }

  /** Changes when the copy is written; '' when it is not there, or not of its time. */
  markIn(scratch: string): string {
    const stat = fs.lstatSync(this.copyIn(scratch), { throwIfNoEntry: false })
    return stat?.isFile() && Math.round(stat.mtimeMs) === this.mtimeMs
      ? `${stat.ino}.${stat.size}.${stat.ctimeMs}`
      : ''
  }

  /** Checks the copy, or makes it. Codes: those of `bytes`, scratch-unwritable. */
  open(scratch: string, format: 'sha1' | 'sha256'): Result<IndexView> {
    const mark = this.markIn(scratch)
    if (mark !== '' && this.#opened?.mark === mark) return ok(this.#opened.view)
    const file = this.copyIn(scratch)
    const there = mark === '' ? null : readFileSafe(file, { maxBytes: MOST_UNPACKED })
    if (there?.ok && sha256(there.value) === this.sha256) {
      this.#opened = { view: new IndexView(there.value, format), mark }
      return ok(this.#opened.view)
    }
    const bytes = this.bytes()
    if (!bytes.ok) return bytes
    try {
      writeCopy(file, bytes.value, this.mtimeMs)
    } catch (error) {
      if (errno(error) === 'unknown') throw error
      return fail('scratch-unwritable', `${file} cannot be written: ${systemWords(error)}`)
    }
    this.#opened = { view: new IndexView(bytes.value, format), mark: this.markIn(scratch) }
    return ok(this.#opened.view)
  }
}

/** Its name begins as a baseline's does: it goes wherever that goes. */
export function listingFile(dir: string, sha: string): string {
  return path.join(dir, `baseline-${sha}.index.br`)
}

/** Not synced: a copy that a power cut damaged has another hash and is made again. */
function writeCopy(file: string, bytes: Buffer, mtimeMs: number): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const part = `${file}.${process.pid}`
  fs.rmSync(part, { recursive: true, force: true })
  fs.writeFileSync(part, bytes, { mode: 0o600, flag: 'wx' })
  fs.utimesSync(part, mtimeMs / 1000, mtimeMs / 1000)
  fs.renameSync(part, file)
}
