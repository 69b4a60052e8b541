import fs from 'node:fs'

/** Names in a directory, sorted; none when it is missing or cannot be listed. */
export function namesIn(dir: string): readonly string[] {
  try {
    return fs.readdirSync(dir).sort()
  } catch {
    return []
  }
}
