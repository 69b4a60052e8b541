import fs from 'node:fs'
import { EntryReader } from '../entry.ts'
import type { PathType } from '../found.ts'
import { compileGlob, globBase, plainPath, speaksOf } from '../glob.ts'
import { fsPath, staysInside } from '../path-text.ts'
import { spellings } from '../name-form.ts'
import { walkFiles } from '../walk.ts'

/** What is at a path inside the root, not following links; null when nothing is. */
export function typeAt(root: string, wanted: string): PathType | null {
  const path = plainPath(wanted)
  if (!staysInside(path)) return null
  const slash = path.lastIndexOf('/')
  if (slash > 0 && !new EntryReader(root, 'short').isDirectory(path.slice(0, slash))) return null
  try {
    const stat = fs.lstatSync(fsPath(root, path), { throwIfNoEntry: false })
    if (!stat) return null
    if (stat.isFile()) return 'file'
    if (stat.isDirectory()) return 'directory'
    return stat.isSymbolicLink() ? 'link' : 'special file'
  } catch {
    return null
  }
}

/** The same in any spelling of the path (see spellings): as it is first, then those in other forms. */
export function spelledAt(
  root: string,
  wanted: string,
): { readonly path: string; readonly type: PathType }[] {
  return spellings(wanted).flatMap((path) => {
    const type = typeAt(root, path)
    return type === null ? [] : [{ path, type }]
  })
}

/** Files a glob matches now (ignored ones too; node_modules only when the glob speaks of it), at most `most`, and how many were looked at. */
export function filesMatching(root: string, glob: string, most: number): { found: string[]; seen: number } {
  const all = spellings(glob).map((one) => matchingOne(root, one, most))
  return {
    found: [...new Set(all.flatMap(({ found }) => found))].slice(0, most),
    seen: Math.max(...all.map(({ seen }) => seen)),
  }
}

function matchingOne(root: string, glob: string, most: number): { found: string[]; seen: number } {
  const base = globBase(glob)
  const found: string[] = []
  let seen = 0
  if (base !== '' && !staysInside(base)) return { found, seen }
  if (base !== '' && !new EntryReader(root, 'short').isDirectory(base))
    return typeAt(root, base) !== null && compileGlob(glob)(base)
      ? { found: [base], seen: 1 }
      : { found, seen }
  const matches = compileGlob(glob)
  for (const file of walkFiles(root, base, (name) => name !== 'node_modules' || speaksOf({ glob }, name))) {
    seen++
    if (matches(file) && found.push(file) >= most) break
  }
  return { found, seen }
}
