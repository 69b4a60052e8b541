import path from 'node:path'

/** The tree for which something is prepared, as far as it is asked here. Paths are relative to its root. */
export interface TreeFiles {
  readonly paths: ReadonlySet<string>
  /** Null for what is not there or is no text. */
  readonly text: (file: string) => string | null
}

/** Where a word leads from a directory; null outside of the tree. */
export function within(dir: string, word: string): string | null {
  const at = path.posix.join(dir, word).replace(/\/$/, '')
  return path.posix.isAbsolute(word) || at === '..' || at.startsWith('../') ? null : at
}

/** The file of this name, or every file below the directory of this name. */
export function filesAt(tree: TreeFiles, place: string): string[] {
  if (tree.paths.has(place)) return [place]
  return [...tree.paths].filter((file) => place === '.' || file.startsWith(`${place}/`))
}
