import fs from 'node:fs'
import path from 'node:path'
import { makeOwned, removeOwned, sweepOwned } from '../../base/owned-directory.ts'

/** More than that is not copied for a look. */
const MOST_BYTES = 2 ** 31

class TooLarge extends Error {}
class Stopped extends Error {}

/**
 * Gives `use` a copy of a directory, with what git ignores (dependencies), and removes it afterwards. Below the home's cache, because
 * the temp directory is emptied for gates and the controller's own directories are closed to them. `too-large`, `not-copied` (what cannot be read): nothing was used.
 * Null: it was stopped.
 */
export async function withCopy<T>(
  root: string,
  { home, abort }: { readonly home: string; readonly abort: AbortSignal },
  use: (copy: string) => Promise<T>,
): Promise<T | 'too-large' | 'not-copied' | null> {
  const parent = path.join(home, '.cache/autonomous-loop')
  sweepOwned(parent)
  const dir = makeOwned(parent)
  const copy = path.join(dir, path.basename(root))
  let bytes = 0
  const filter = (from: string): boolean => {
    if (abort.aborted) throw new Stopped()
    const stat = fs.lstatSync(from)
    bytes += stat.isFile() ? stat.size : 0
    if (bytes > MOST_BYTES) throw new TooLarge()
    // Sockets and FIFOs are nobody's source.
    return stat.isFile() || stat.isDirectory() || stat.isSymbolicLink()
  }
  try {
    const mode = fs.constants.COPYFILE_FICLONE
    try {
      await fs.promises.cp(root, copy, { recursive: true, verbatimSymlinks: true, mode, filter })
    } catch (error) {
      if (error instanceof Stopped) return null
      return error instanceof TooLarge ? 'too-large' : 'not-copied'
    }
    return await use(copy)
  } finally {
    removeOwned(dir)
  }
}
