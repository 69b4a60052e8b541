import fs from 'node:fs'
import path from 'node:path'

/** Whether an absolute path is the directory or lies below it. Lexical: resolve links first with `realPath` where they matter. */
export function isWithin(file: string, dir: string): boolean {
  return file === dir || file.startsWith(dir.endsWith(path.sep) ? dir : dir + path.sep)
}

/** Absolute, links resolved as far as the path exists; never fails. */
export function realPath(file: string): string {
  const whole = path.resolve(file)
  try {
    return fs.realpathSync(whole)
  } catch {
    const parent = path.dirname(whole)
    return parent === whole ? whole : path.join(realPath(parent), path.basename(whole))
  }
}
