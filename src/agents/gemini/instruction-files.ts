import fs from 'node:fs'
import path from 'node:path'

/** Nobody reads these for what the project says, and they may be huge. */
const PASSED = new Set(['.git', 'node_modules'])
const NAME = 'GEMINI.md'

/**
 * What Gemini reads as instructions when it looks at the workspace: those in it, and above it up to the root of its repository. No
 * setting keeps it from that (0.61.0: another name for such files is one more). What cannot be listed has none.
 */
export function instructionFiles(workspace: string): readonly string[] {
  return [...above(workspace), ...below(workspace)]
}

function below(dir: string): string[] {
  return entriesOf(dir).flatMap((entry) => {
    if (entry.isDirectory()) return PASSED.has(entry.name) ? [] : below(path.join(dir, entry.name))
    return entry.name === NAME ? [path.join(dir, NAME)] : []
  })
}

function above(workspace: string): string[] {
  const dirs: string[] = []
  for (let dir = workspace; !fs.existsSync(path.join(dir, '.git')); dir = path.dirname(dir)) {
    if (path.dirname(dir) === dir) return []
    dirs.push(path.dirname(dir))
  }
  return dirs.map((dir) => path.join(dir, NAME)).filter((file) => fs.existsSync(file))
}

function entriesOf(dir: string): fs.Dirent[] {
  try {
    return fs.readdirSync(dir, { withFileTypes: true })
  } catch {
    return []
  }
}
