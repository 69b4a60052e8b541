import fs from 'node:fs'
import path from 'node:path'

/** Directories looked into before giving up: this search is for a name in a message, not for a verdict. */
const MOST_DIRECTORIES = 20_000

/** A `.gitignore` or `.gitattributes` below `top` that is a FIFO, socket or device; null when none is found. */
export function staleDotfile(top: string): string | null {
  const queue = [top]
  for (let at = 0; at < queue.length && at < MOST_DIRECTORIES; at++) {
    const dir = queue[at]!
    let names: fs.Dirent[]
    try {
      names = fs.readdirSync(dir, { withFileTypes: true })
    } catch {
      continue
    }
    for (const entry of names) {
      if (entry.isDirectory() && entry.name !== '.git') queue.push(path.join(dir, entry.name))
      else if (
        (entry.name === '.gitignore' || entry.name === '.gitattributes') &&
        !entry.isFile() &&
        !entry.isSymbolicLink() &&
        !entry.isDirectory()
      )
        return path.join(dir, entry.name)
    }
  }
  return null
}
