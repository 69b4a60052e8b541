/**
 * What tells agents how to work, or gives them tools, in every client that reads it: one table for the scope of sessions and for
 * what an agent of a batch may not change. Such a file is definition wherever it lies.
 */
export const instructionFiles = {
  /** Names of files, in any directory. */
  names: [
    'AGENTS.md',
    'AGENTS.override.md',
    'CLAUDE.md',
    'CLAUDE.local.md',
    'GEMINI.md',
    '.mcp.json',
    '.cursorrules',
    '.windsurfrules',
    '.clinerules',
  ],
  /** Names of directories, in any directory, with everything below. */
  directories: ['.claude', '.gemini', '.codex', '.agents', '.cursor', '.windsurf', '.clinerules'],
  /** Paths, below any directory. */
  paths: ['.github/copilot-instructions.md', '.github/instructions', '.github/agents', '.github/prompts'],
} as const

const names = new Set<string>(instructionFiles.names.map((name) => name.toLowerCase()))
const directories = new Set<string>(instructionFiles.directories)
const paths = instructionFiles.paths.map((one) => `/${one}/`)

/** Whether agents take this path, relative to the root, for instructions. Names fold case, as some file systems do. */
export function isInstructionFile(path: string): boolean {
  const folded = path.toLowerCase()
  const segments = folded.split('/')
  return (
    names.has(segments.at(-1) ?? '') ||
    segments.some((segment) => directories.has(segment)) ||
    paths.some((one) => `/${folded}/`.includes(one))
  )
}
