import fs from 'node:fs'
import path from 'node:path'
import { type Sha256, sha256 } from '../base/hash.ts'
import { errno, readFileSafe } from '../base/read-file.ts'
import { systemWords } from '../base/system-words.ts'
import type { Failure } from '../base/result.ts'

/** Largest file that is hashed for a pin. Bytes. */
const MAX_PINNED = 64 * 1024 * 1024
/** Largest file that is read for its meaning (scripts, includes, sections). Bytes. */
const MAX_PARSED = 4 * 1024 * 1024
/** All files of one collection together. Bytes. */
const MAX_TOTAL = 256 * 1024 * 1024

/** One path of the workspace as pins see it. `digest` tells any two contents, link targets and kinds apart. */
export interface SeenFile {
  readonly kind: 'file' | 'link' | 'directory'
  readonly digest: Sha256
  /** Content as text when it is short enough to be parsed. */
  readonly text: string | null
  /** Target of a link, as written. */
  readonly target: string | null
  /** Does it begin like a compiled program? Known for long files too. */
  readonly isCompiled?: boolean
}

/**
 * Cached, never waiting reads below one root. All paths are relative to it with `/` (or absolute, for the few places
 * outside that programs search too). What cannot be read safely is a failure named `pin-unreadable`, kept in `failures`.
 */
export class Workspace {
  readonly root: string
  readonly failures: Failure[] = []
  readonly #seen = new Map<string, SeenFile | null>()
  readonly #directories = new Map<string, string>()
  #bytes = 0

  constructor(root: string) {
    this.root = root
  }

  absolute(rel: string): string {
    return path.resolve(this.root, rel)
  }

  /** `to` as seen from `dir`, relative to the root; null when it leaves the workspace. */
  inside(dir: string, to: string): string | null {
    const rel = path.relative(this.root, path.resolve(this.root, dir, to))
    if (rel === '') return '.'
    return rel === '..' || rel.startsWith('../') || path.isAbsolute(rel) ? null : rel
  }

  /** The directory and its parents up to the root, nearest first. */
  upwards(dir: string): string[] {
    const dirs = [dir]
    for (let at = dir; at !== '.';) dirs.push((at = path.dirname(at)))
    return dirs
  }

  /** What is at a path; null when nothing is. */
  look(rel: string): SeenFile | null {
    const known = this.#seen.get(rel)
    if (known !== undefined) return known
    let seen: SeenFile | null = null
    try {
      seen = this.#look(rel)
    } catch (error) {
      // It went away, or became something else, between two looks.
      this.fail(rel, `it changes while it is looked at: ${systemWords(error)}`)
    }
    this.#seen.set(rel, seen)
    return seen
  }

  /** Text of a file (links followed), null when it is absent, a directory, or too long to have a meaning for us. */
  text(rel: string): string | null {
    return this.look(rel)?.text ?? null
  }

  exists(rel: string): boolean {
    return this.stat(rel) !== null
  }

  /** Kind of a path without reading it. */
  stat(rel: string): fs.Stats | null {
    try {
      return fs.lstatSync(this.absolute(rel), { throwIfNoEntry: false }) ?? null
    } catch (error) {
      // A name that no file can have, or one below a file, comes from a script's words, not from the disk.
      if (!['ENOTDIR', 'ENAMETOOLONG', 'EINVAL', 'ERR_INVALID_ARG_VALUE'].includes(errno(error)))
        this.fail(rel, `cannot be looked at: ${systemWords(error)}`)
      return null
    }
  }

  /** Names in a directory, sorted; empty when it is none; null when it holds more than `max`, so that nothing hides in a crowd. */
  names(rel: string, max: number): string[] | null {
    if (!this.stat(rel)?.isDirectory()) return []
    const names: string[] = []
    try {
      const dir = fs.opendirSync(this.absolute(rel))
      try {
        for (let entry = dir.readSync(); entry !== null && names.length <= max; entry = dir.readSync())
          names.push(entry.name)
      } finally {
        dir.closeSync()
      }
    } catch (error) {
      this.fail(rel, `its names cannot be listed: ${systemWords(error)}`)
    }
    return names.length > max ? null : names.sort()
  }

  #look(rel: string): SeenFile | null {
    const stat = this.stat(rel)
    if (stat === null || this.#bytes > MAX_TOTAL) return null
    const mark = this.#directoryMark(rel)
    if (stat.isDirectory())
      return { kind: 'directory', digest: sha256(`directory${mark}`), text: null, target: null }
    const isLink = stat.isSymbolicLink()
    const target = isLink ? fs.readlinkSync(this.absolute(rel)) : null
    const read = readFileSafe(this.absolute(rel), { maxBytes: MAX_PINNED, follow: isLink })
    if (!read.ok) {
      if (read.error.code === 'missing')
        return isLink ? { kind: 'link', digest: sha256(`link ${target}${mark}`), text: null, target } : null
      this.fail(rel, read.error.message)
      return null
    }
    this.#bytes += read.value.length
    if (this.#bytes > MAX_TOTAL) {
      this.fail(rel, `all definitions together exceed ${MAX_TOTAL} bytes`)
      return null
    }
    const content = sha256(read.value)
    return {
      kind: isLink ? 'link' : 'file',
      digest: target === null && mark === '' ? content : sha256(`${target ?? ''}${mark}\n${content}`),
      text: read.value.length <= MAX_PARSED ? read.value.toString('utf8').replace(/^\uFEFF/, '') : null,
      target,
      isCompiled: /^(\x7FELF|\uFFFD)/.test(read.value.toString('utf8', 0, 4)),
    }
  }

  /**
   * Where the directory of a path really is when a link stands on the way ('' otherwise): a directory swapped for a
   * link with the same content today could change tomorrow from outside the workspace.
   */
  #directoryMark(rel: string): string {
    const dir = path.dirname(this.absolute(rel))
    let mark = this.#directories.get(dir)
    if (mark === undefined) {
      const real = fs.realpathSync.native(dir)
      const expected = path.join(this.#realRoot(), path.relative(this.root, dir))
      mark = real === expected ? '' : ` at ${real}`
      this.#directories.set(dir, mark)
    }
    return mark
  }

  #realRoot(): string {
    let real = this.#directories.get('')
    if (real === undefined) this.#directories.set('', (real = fs.realpathSync.native(this.root)))
    return real
  }

  /** Remembers that a definition could not be read; the collection fails with the first of these. */
  fail(rel: string, why: string): void {
    this.failures.push({
      code: 'pin-unreadable',
      message: `${rel} gives a gate its meaning but cannot be read: ${why}`,
      fix: `make ${rel} a regular, readable file again (or remove it if it was not there at the start)`,
      data: { file: rel },
    })
  }
}
