import fs from 'node:fs'
import path from 'node:path'
import { removeLayer } from '../../box/layers.ts'

/** More than that is not copied for a look. */
const MOST_BYTES = 2 ** 31

class TooLarge extends Error {}
class Stopped extends Error {}

/**
 * Gives `use` a copy of a directory, with what git ignores (dependencies), and removes it afterwards. Below the home's cache, because
 * the temp directory is emptied for gates and the controller's own directories are closed to them. `too-large`: nothing was used.
 * Null: it was stopped.
 */
export async function withCopy<T>(
  root: string,
  { home, abort }: { readonly home: string; readonly abort: AbortSignal },
  use: (copy: string) => Promise<T>,
): Promise<T | 'too-large' | null> {
  const parent = path.join(home, '.cache/autonomous-loop')
  fs.mkdirSync(parent, { recursive: true, mode: 0o700 })
  sweep(parent)
  const dir = fs.mkdtempSync(path.join(parent, `measure-${process.pid}-`))
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
    await fs.promises.cp(root, copy, { recursive: true, verbatimSymlinks: true, mode, filter })
    return await use(copy)
  } catch (error) {
    if (error instanceof TooLarge) return 'too-large'
    if (error instanceof Stopped) return null
    throw error
  } finally {
    removeLayer(dir)
  }
}

/** Copies of processes that were killed. */
function sweep(parent: string): void {
  for (const name of fs.readdirSync(parent)) {
    const pid = Number(/^measure-(\d+)-/.exec(name)?.[1])
    if (pid > 0 && !isAlive(pid)) fs.rmSync(path.join(parent, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
