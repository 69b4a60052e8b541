// The lanes of the tests, found by what test files import, over however many files: a list kept by hand would rot.
import { filesBelow, readImports } from './imports.js'

/** The one module that knows where a Codex binary is, and the one that knows of long forms. */
const CODEX = 'test/rig/binaries.ts'
const LONG = 'test/rig/long.ts'
/** Modules that know where the program of another vendor is, by its name. */
const AGENTS = { claude: 'test/rig/claude.ts', gemini: 'test/rig/gemini.ts' }
/** Belong to the long form as a whole, for their figures in docs/measured.md. */
const LONG_ROOMS = ['test/faults/', 'test/fuzz/', 'test/shim/']

/** Test files, relative to the root: `codex` start one, `fast` are all others, `long` have a long form, `agents` play the program of that name. */
export function lanes(root) {
  const files = readImports(root, filesBelow(root, 'test'))
  const tests = [...files.keys()].filter((file) => file.endsWith('.test.ts'))
  const [codex, long] = [importersOf(CODEX, files), importersOf(LONG, files)]
  return {
    codex: tests.filter((file) => codex.has(file)),
    fast: tests.filter((file) => !codex.has(file)),
    long: tests.filter((file) => long.has(file) || LONG_ROOMS.some((room) => file.startsWith(room))),
    agents: Object.fromEntries(
      Object.entries(AGENTS).map(([name, module]) => {
        const playing = importersOf(module, files)
        return [name, tests.filter((file) => playing.has(file))]
      }),
    ),
  }
}

function importersOf(module, files) {
  const found = new Set([module])
  for (let before = 0; before !== found.size;) {
    before = found.size
    for (const [file, { imports }] of files)
      if (imports.some(({ to, typesOnly }) => !typesOnly && found.has(to))) found.add(file)
  }
  return found
}
