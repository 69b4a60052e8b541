import fs from 'node:fs'
import type { PathTest } from '../evidence/glob.ts'
import { fsPath } from '../evidence/path-text.ts'

/** Each is a mount in every gate, and the time for them grows with the square of their number. */
const MOST_READ_ONLY = 100

/**
 * The files that a gate is refused to write, at most a hundred: those that give the gates their meaning, then one in each
 * innermost directory (which can then be neither removed nor replaced), then others. A write to the rest is seen afterwards.
 * Relative to the root, regular files with names in UTF-8 only: a mount follows links.
 */
export function readOnlyFiles(
  root: string,
  present: ReadonlySet<string>,
  definition: readonly string[],
  mayWrite: PathTest,
  most = MOST_READ_ONLY,
): readonly string[] {
  const chosen = new Set<string>()
  const take = (file: string): boolean => {
    if (chosen.size >= most || chosen.has(file)) return chosen.has(file)
    if (mayWrite(file) || !isRegular(root, file)) return false
    chosen.add(file)
    return true
  }
  for (const file of definition) take(file)
  const inner = innermost(present)
  for (const files of inner.values()) if (!files.some((file) => chosen.has(file))) files.some(take)
  for (const file of present) {
    if (chosen.size >= most) break
    take(file)
  }
  return [...chosen].sort()
}

/** Files by directory, of those directories that have no other below them. */
function innermost(present: ReadonlySet<string>): Map<string, string[]> {
  const byDirectory = new Map<string, string[]>()
  for (const file of present) {
    const dir = file.slice(0, Math.max(0, file.lastIndexOf('/')))
    const files = byDirectory.get(dir)
    if (files) files.push(file)
    else byDirectory.set(dir, [file])
  }
  byDirectory.delete('')
  for (const dir of byDirectory.keys())
    for (let at = dir.lastIndexOf('/'); at > 0; at = dir.lastIndexOf('/', at - 1))
      byDirectory.delete(dir.slice(0, at))
  return byDirectory
}

function isRegular(root: string, file: string): boolean {
  if (file.includes('\\x')) return false
  try {
    return fs.lstatSync(fsPath(root, file), { throwIfNoEntry: false })?.isFile() === true
  } catch {
    return false
  }
}
