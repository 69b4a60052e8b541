import fs from 'node:fs'
import path from 'node:path'

/** Whether a file (after links) lies outside the root. */
export function staysOutside(root: string, file: string): boolean {
  const relative = path.relative(realPath(root), realPath(file))
  return relative.startsWith('..') || path.isAbsolute(relative)
}

/** The path without links; as given when it does not exist. */
export function realPath(file: string): string {
  try {
    return fs.realpathSync(file)
  } catch {
    return path.resolve(file)
  }
}
