import fs from 'node:fs'
import { fsPath } from '../../evidence/path-text.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants

/**
 * The directories of one tree, each opened below its parent's descriptor: whatever is put in place of a directory meanwhile, a
 * link above all, what is read is what lay below the root. Linux only.
 */
export class Directories {
  readonly #root: number
  /** The way that is open now, outermost first. */
  readonly #open: { readonly path: string; readonly descriptor: number | null }[] = []

  /** Throws what the file system says of the root. */
  constructor(root: string) {
    this.#root = fs.openSync(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  }

  /** A name through which this directory is reached; null where none is. `dir`: relative, `''` is the root. */
  reach(dir: string): string | null {
    while (this.#open.length > 0 && !isAtOrBelow(dir, this.#open.at(-1)!.path)) this.#closeLast()
    let at = this.#open.at(-1)
    while ((at?.path ?? '') !== dir) {
      const from = at?.path ?? ''
      const start = from === '' ? 0 : from.length + 1
      const slash = dir.indexOf('/', start)
      const path = slash === -1 ? dir : dir.slice(0, slash)
      const parent = at === undefined ? this.#root : at.descriptor
      at = { path, descriptor: parent === null ? null : openBelow(parent, path.slice(start)) }
      this.#open.push(at)
    }
    const descriptor = at === undefined ? this.#root : at.descriptor
    return descriptor === null ? null : through(descriptor)
  }

  close(): void {
    while (this.#open.length > 0) this.#closeLast()
    fs.closeSync(this.#root)
  }

  #closeLast(): void {
    const descriptor = this.#open.pop()?.descriptor
    if (descriptor != null) fs.closeSync(descriptor)
  }
}

/** A name for what a descriptor is open on. */
export const through = (descriptor: number): string => `/proc/self/fd/${descriptor}`

const isAtOrBelow = (dir: string, other: string): boolean => dir === other || dir.startsWith(`${other}/`)

function openBelow(parent: number, name: string): number | null {
  try {
    return fs.openSync(fsPath(through(parent), name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  } catch {
    return null
  }
}
