import { programOf } from '../definition/collection.ts'
import { quoted } from './found.ts'
import { toolOf } from './tool-of.ts'

/** Tools that write unless one of these is said; `verb` where they do other things as well. */
const WRITERS: Readonly<
  Record<string, { readonly verb?: string | readonly string[]; readonly unless: readonly string[] }>
> = {
  dprint: { verb: 'fmt', unless: [] },
  go: { verb: ['fmt', 'generate', 'tidy'], unless: ['-diff'] },
  cargo: { verb: 'fmt', unless: ['--check'] },
  deno: { verb: 'fmt', unless: ['--check'] },
  ruff: { verb: 'format', unless: ['--check', '--diff'] },
  'golangci-lint': { verb: 'fmt', unless: ['--diff', '-d'] },
  terraform: { verb: 'fmt', unless: ['-check', '--check'] },
  mix: { verb: 'format', unless: ['--check-formatted', '--dry-run'] },
  'php-cs-fixer': { verb: 'fix', unless: ['--dry-run'] },
  gts: { verb: 'fix', unless: [] },
  'vue-cli-service': { verb: 'lint', unless: ['--no-fix'] },
  rustfmt: { unless: ['--check'] },
  black: { unless: ['--check', '--diff'] },
  isort: { unless: ['--check', '--check-only', '-c', '--diff'] },
  oxfmt: { unless: ['--check', '--list-different'] },
  pint: { unless: ['--test'] },
  phpcbf: { unless: [] },
}

/** Flags with which tools write that only look otherwise. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  prettier: ['--write', '-w'],
  biome: ['--write', '--apply', '--apply-unsafe'],
  gofmt: ['-w'],
  gofumpt: ['-w'],
  goimports: ['-w'],
  shfmt: ['-w', '--write'],
  'clang-format': ['-i'],
  rubocop: ['-a', '-A', '--autocorrect', '--autocorrect-all', '--auto-correct'],
  standardrb: ['--fix'],
  jest: ['-u', '--updateSnapshot'],
  vitest: ['-u', '--update'],
  playwright: ['-u', '--update-snapshots'],
}

/** The first of some simple commands that changes the project's own files, as a fixing linter does; null when none is known to. */
export function rewrites(steps: readonly (readonly string[])[]): string | null {
  const found = steps.find((argv) => isWriter(toolOf(argv)))
  return found === undefined ? null : quoted(found.join(' '))
}

function isWriter(argv: readonly string[]): boolean {
  const program = programOf(argv)
  const args = argv.slice(1)
  // ESLint, oxlint, stylelint, ruff, golangci-lint, markdownlint, clippy and many more.
  if (args.some((arg) => /^--fix(?:=(?!false)|$)/.test(arg))) return true
  const flags = Object.hasOwn(FLAGS, program) ? (FLAGS[program] ?? []) : []
  if (args.some((arg) => flags.includes(arg))) return true
  const writer = Object.hasOwn(WRITERS, program) ? WRITERS[program] : undefined
  if (writer === undefined || args.some((arg) => writer.unless.includes(arg))) return false
  const verbs = [writer.verb ?? []].flat()
  const said = args.filter((arg) => !/^[-+]/.test(arg))
  return verbs.length === 0 || verbs.includes(said[0] === 'mod' ? (said[1] ?? '') : (said[0] ?? ''))
}
