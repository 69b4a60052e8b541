import fs from 'node:fs'
import path from 'node:path'
import type { Repo } from './git/repo.ts'

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

/** A file of the repository itself that is a FIFO, socket or device; null when none is found. */
export function staleGitFile({ gitDir, commonDir }: Repo): string | null {
  const files = [
    ...['HEAD', 'index', 'commondir', 'shallow'].map((name) => path.join(gitDir, name)),
    ...['packed-refs', 'config', 'shallow', 'info/grafts', 'objects/info/alternates'].map((name) =>
      path.join(commonDir, name),
    ),
  ]
  return (
    files.find((file) => {
      const stat = statOf(file)
      return stat !== undefined && !stat.isFile() && !stat.isDirectory()
    }) ?? null
  )
}

function statOf(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
