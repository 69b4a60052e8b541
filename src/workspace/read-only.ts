import fs from 'node:fs'
import type { PathTest } from '../evidence/glob.ts'
import { fsPath } from '../evidence/path-text.ts'

/** Each is a mount in every gate, and the time for them grows with the square of their number. */
const MOST_READ_ONLY = 100
/** With others not more than that: they are refused only so that a gate hears at once what the layer tells afterwards. */
const MOST_WITH_OTHERS = 10

/**
 * The files that a gate is refused to write: those that give the gates their meaning, at most a hundred, and a few others. A
 * write to the rest is seen afterwards. Relative to the root, regular files with names in UTF-8 only: a mount follows links.
 */
export function readOnlyFiles(
  root: string,
  present: Iterable<string>,
  definition: readonly string[],
  mayWrite: PathTest,
): readonly string[] {
  const chosen = new Set<string>()
  const take = (files: Iterable<string>, most: number): void => {
    for (const file of files) {
      if (chosen.size >= most) break
      if (!mayWrite(file) && isRegular(root, file)) chosen.add(file)
    }
  }
  take(definition, MOST_READ_ONLY)
  take(present, MOST_WITH_OTHERS)
  return [...chosen].sort()
}

function isRegular(root: string, file: string): boolean {
  if (file.includes('\\x')) return false
  try {
    return fs.lstatSync(fsPath(root, file), { throwIfNoEntry: false })?.isFile() === true
  } catch {
    return false
  }
}
