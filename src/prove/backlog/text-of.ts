import fs from 'node:fs'

/** What a file holds; nothing where it cannot be read. */
export function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
