import fs from 'node:fs'
import { fsPath } from '../../evidence/path-text.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants

export interface Reached {
  /** A name through which the directory is reached. */
  readonly place: string
  /** It, or one that it lies in, may have come to its place since the look: what is in it may be something else. */
  readonly isDoubtful: boolean
}

interface Open {
  readonly path: string
  readonly descriptor: number | null
  readonly isDoubtful: boolean
}

/**
 * The directories of one tree, each opened below its parent's descriptor: whatever is put in place of a directory meanwhile, a
 * link above all, what is read is what lay below the root. Linux only.
 */
export class Directories {
  readonly #root: Open & { readonly descriptor: number }
  /** Milliseconds: when they were looked at. Infinity: nothing is doubtful. */
  readonly #before: number
  /** The way that is open now, outermost first. */
  readonly #open: Open[] = []

  /** Throws what the file system says of the root. */
  constructor(root: string, before = Infinity) {
    const descriptor = fs.openSync(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    const { ctimeMs, mtimeMs } = fs.fstatSync(descriptor)
    // A name that comes or goes sets both times, and somebody always writes beside the work.
    this.#root = { path: '', descriptor, isDoubtful: ctimeMs >= before && ctimeMs !== mtimeMs }
    this.#before = before
  }

  /** Null where there is none. `dir`: relative, `''` is the root. */
  reach(dir: string): Reached | null {
    while (this.#open.length > 0 && !isAtOrBelow(dir, this.#open.at(-1)!.path)) this.#closeLast()
    let at = this.#open.at(-1)
    while ((at?.path ?? '') !== dir) {
      const from = at?.path ?? ''
      const start = from === '' ? 0 : from.length + 1
      const slash = dir.indexOf('/', start)
      const path = slash === -1 ? dir : dir.slice(0, slash)
      const parent: Open = at ?? this.#root
      const descriptor = parent.descriptor === null ? null : openBelow(parent.descriptor, path.slice(start))
      at = { path, descriptor, isDoubtful: parent.isDoubtful || this.#isNew(descriptor, parent.descriptor) }
      this.#open.push(at)
    }
    const { descriptor, isDoubtful } = at ?? this.#root
    return descriptor === null ? null : { place: through(descriptor), isDoubtful }
  }

  /** A directory that is moved gets a new change time, and so does the one that it is moved to. No program sets them back. */
  #isNew(descriptor: number | null, parent: number | null): boolean {
    if (descriptor === null || parent === null) return false
    return [descriptor, parent].every((one) => fs.fstatSync(one).ctimeMs >= this.#before)
  }

  close(): void {
    while (this.#open.length > 0) this.#closeLast()
    fs.closeSync(this.#root.descriptor)
  }

  #closeLast(): void {
    const descriptor = this.#open.pop()?.descriptor
    if (descriptor != null) fs.closeSync(descriptor)
  }
}

/** `/proc/self` as what it leads to: the kernel would follow it for each file. */
let own: string | null = null

/** A name for what a descriptor is open on. */
export function through(descriptor: number): string {
  own ??= `/proc/${fs.readlinkSync('/proc/self')}/fd/`
  return `${own}${descriptor}`
}

const isAtOrBelow = (dir: string, other: string): boolean => dir === other || dir.startsWith(`${other}/`)

function openBelow(parent: number, name: string): number | null {
  try {
    return fs.openSync(fsPath(through(parent), name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  } catch {
    return null
  }
}
