import fs from 'node:fs'
import path from 'node:path'
import { type Collection, type Collector, join, optionValues, own, programOf } from './collection.ts'
import { isTracked } from './tracked.ts'
import type { Workspace } from './workspace.ts'
import { isShell, shellScript } from './wrappers.ts'

/** Interpreters of program code, with the options that take a value (which is then not the script). */
const INTERPRETERS: Readonly<Record<string, string>> = {
  node: '-r --require --import --loader --experimental-loader -C --conditions --env-file --env-file-if-exists -e --eval -p --print --test-name-pattern --test-reporter --input-type --title',
  bun: '--cwd -r --preload --env-file -e',
  deno: '--config -c --import-map --env-file',
  tsx: '--tsconfig --import -r',
  'ts-node': '-P --project -r -O',
  'vite-node': '-c',
  python: '-W -X -c -m',
  ruby: '-I -r -e -C',
  perl: '-I -M -e',
  php: '-d -c -r',
  lua: '-e -l',
}
const LOADERS = [
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '--preload',
  '--env-file',
  '--env-file-if-exists',
]

/** The work itself and its tests: these stay the agent's, also when a gate starts one of them. */
const AGENTS_DIRECTORY =
  /^(src|lib|app|test|tests|spec|specs|__tests__|e2e|examples?|dist|build|out|target|obj)$/
const AGENTS_NAME = /(^|[._-])(test|tests|spec|specs)([._-]|$)|^(index|main|app|server)\./i
const BUILT_DIRECTORY = /^(dist|build|out|target|obj|node_modules|\.venv|venv|vendor)$/

/** Files that an argv executes: `./scripts/check.sh`, `bash ci.sh`, `node scripts/check.js`, preloaded modules. */
export const direct: Collector = {
  name: 'direct',
  collect({ argv, dir }, collection) {
    const program = programOf(argv)
    const first = argv[0] ?? ''
    if (first.includes('/')) pinExecuted(first, dir, BUILT_DIRECTORY, collection)
    if (isShell(program)) {
      const script = shellScript(argv)
      if (script !== null) pinShellScript(script, dir, collection)
      return
    }
    if (program === 'find') return runFound(argv, dir, collection)
    if (program === '.' || program === 'source') return pinShellScript(argv[1] ?? '', dir, collection)
    // No file has a longer name, and a word of a script may be made of digits.
    const plain = program.slice(0, 256).replace(/[\d.]+$/, '')
    const valued = own(INTERPRETERS, program) ?? own(INTERPRETERS, plain)
    if (valued === undefined) return
    for (const value of optionValues(argv, LOADERS)) pinIfThere(value, dir, collection)
    if (program.startsWith('python')) pinOwnModule(argv, dir, collection)
    // A test runner's arguments are tests.
    if (argv.includes('--test') || argv[1] === 'test' || argv.includes('-m') || argv.includes('-c')) return
    const options = valued.split(' ')
    const words = argv.filter(
      (arg, index) => index > 0 && !arg.startsWith('-') && !options.includes(argv[index - 1] as string),
    )
    // `deno run scripts/check.ts`; without a dot or slash it is the name of a script or task.
    const script = words[0] === 'run' && /[./]/.test(words[1] ?? '') ? words[1] : words[0]
    if (script === undefined || /^(run|x|exec|task|install|i|add)$/.test(script)) return
    const rel = collection.workspace.inside(dir, script)
    if (rel === null || isAgents(rel)) return
    collection.file(withExtension(rel, collection))
  },
}

/** `python -m tools.check`, where the workspace has that module. */
function pinOwnModule(argv: readonly string[], dir: string, collection: Collection): void {
  const at = argv.indexOf('-m')
  const file = (argv[at + 1] ?? '').replaceAll('.', '/')
  if (at === -1 || file === '') return
  for (const name of [`${file}.py`, `${file}/__main__.py`]) {
    const rel = collection.workspace.inside(dir, name)
    if (rel !== null && !isAgents(rel) && collection.workspace.text(rel) !== null) collection.file(rel)
  }
}

/** PATH entries inside the workspace (a person's choice): what they hold for this argv, and what precedes it. */
export function pinPathDirectories(argv: readonly string[], gatePath: string, collection: Collection): void {
  const program = argv[0] ?? ''
  if (program === '' || program.includes('/')) return
  for (const entry of gatePath.split(':')) {
    if (!path.isAbsolute(entry)) continue
    const rel = collection.workspace.inside('.', entry)
    if (rel !== null) collection.file(join(rel, program))
  }
}

/** `find … -exec <command> ;` */
function runFound(argv: readonly string[], dir: string, collection: Collection): void {
  for (const [at, arg] of argv.entries())
    if (/^-(exec|ok)(dir)?$/.test(arg)) collection.run({ argv: argv.slice(at + 1), dir, bins: false })
}

/** Names in the directories of PATH that lie outside the workspace. */
export function programsOn(gatePath: string, workspace: Workspace): Set<string> {
  const found = new Set<string>()
  for (const entry of gatePath.split(':')) {
    if (!path.isAbsolute(entry) || workspace.inside('.', entry) !== null) continue
    for (const name of namesOf(entry)) found.add(name)
  }
  return found
}

function namesOf(dir: string): readonly string[] {
  try {
    return fs.readdirSync(dir)
  } catch {
    return []
  }
}

function pinExecuted(file: string, dir: string, free: RegExp, collection: Collection): void {
  const rel = collection.workspace.inside(dir, file)
  if (
    rel === null ||
    rel
      .split('/')
      .slice(0, -1)
      .some((part) => free.test(part))
  )
    return
  if (/\.(sh|bash)$/.test(rel) || isShellScript(collection.workspace.text(rel)))
    pinShellScript(file, dir, collection)
  // A compiled program is built from the work, unless it is committed; that it is one is all we ask.
  else if (
    collection.workspace.look(rel)?.isCompiled === true
      ? isTracked(collection.workspace.absolute(rel))
      : !isAgents(rel) || !/\.\w+$/.test(rel)
  )
    collection.file(rel)
}

/** Pins the script and follows the commands in it: a driver script is as much a definition as a package.json script. */
function pinShellScript(file: string, dir: string, collection: Collection): void {
  const rel = collection.workspace.inside(dir, file)
  if (rel === null || rel === '.' || rel.split('/').includes('node_modules')) return
  collection.file(rel)
  const text = collection.workspace.text(rel)
  if (text !== null) collection.runText(text, dir, false)
}

function isShellScript(text: string | null): boolean {
  return text !== null && /^#!.*\b(sh|bash|dash|zsh|ksh)\b/.test(text.slice(0, 200))
}

/** Does a path look like the work itself, or one of its tests? */
export function isAgents(rel: string): boolean {
  const parts = rel.split('/')
  return (
    parts.slice(0, -1).some((part) => AGENTS_DIRECTORY.test(part) || part === 'node_modules') ||
    AGENTS_NAME.test(parts.at(-1) ?? '')
  )
}

function pinIfThere(value: string, dir: string, collection: Collection): void {
  const rel = collection.workspace.inside(dir, value)
  if (rel === null || !/[./]/.test(value)) return
  const file = withExtension(rel, collection)
  if (collection.workspace.exists(file)) collection.file(file)
}

/** `node scripts/check` means check.js: the name that exists, or the plain one. */
function withExtension(rel: string, collection: Collection): string {
  if (collection.workspace.stat(rel)?.isFile()) return rel
  const found = ['.js', '.cjs', '.mjs', '.ts', '/index.js'].find((end) =>
    collection.workspace.exists(rel + end),
  )
  return found === undefined ? rel : rel + found
}
