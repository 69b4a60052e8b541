import { type Collection, dirOf, join, programOf } from './collection.ts'
import { fileRules } from './file-rules.ts'

const JUSTFILES = ['justfile', 'Justfile', '.justfile', 'JUSTFILE']
const TASKFILES = ['Taskfile', 'taskfile'].flatMap((name) =>
  ['.yml', '.yaml', '.dist.yml', '.dist.yaml'].map((end) => name + end),
)
const MAX_LINE = 4000
/** Files that one file may take in, and how deep that may go. */
const MAX_TAKEN = 100
const MAX_DEPTH = 8

const LEFTHOOK = ['lefthook', '.lefthook', 'lefthook-local'].flatMap((name) =>
  ['yml', 'yaml', 'toml', 'json'].map((end) => `${name}.${end}`),
)

/** Task runners and drivers that stand outside one language: whole files, and the commands in them as far as lines show them. */
export const tasks = fileRules('tasks', [
  {
    programs: ['just'],
    files: JUSTFILES,
    more(_, dir, collection) {
      follow(dir, JUSTFILES, collection, 0)
      if (JUSTFILES.some((name) => collection.workspace.text(join(dir, name))?.includes('dotenv')))
        collection.file(join(dir, '.env'))
    },
  },
  {
    programs: ['task', 'go-task'],
    files: TASKFILES,
    more: (_, dir, collection) => follow(dir, TASKFILES, collection, 0),
  },
  {
    programs: ['pre-commit', 'prek'],
    files: ['.pre-commit-config.yaml'],
    more: (_, dir, collection) => follow(dir, ['.pre-commit-config.yaml'], collection),
  },
  {
    programs: ['lefthook'],
    files: LEFTHOOK,
    more: (_, dir, collection) => follow(dir, LEFTHOOK, collection),
  },
  {
    programs: ['tox'],
    files: [],
    more: (_, dir, collection) => follow(dir, ['tox.ini', 'tox.toml'], collection),
  },
  { programs: ['prove'], files: ['.proverc'] },
  {
    programs: ['docker', 'docker-compose', 'podman'],
    files: [
      'docker-compose.yml',
      'docker-compose.yaml',
      'compose.yml',
      'compose.yaml',
      'compose.override.yaml',
      'docker-compose.override.yml',
      'Dockerfile',
      '.dockerignore',
    ],
  },
  {
    programs: ['cmake', 'ctest'],
    files: ['CMakePresets.json', 'CMakeUserPresets.json', 'CTestConfig.cmake', 'CTestCustom.cmake'],
  },
  { programs: ['ninja', 'meson'], files: ['meson.options', 'meson_options.txt'] },
  {
    programs: ['bazel', 'bazelisk'],
    files: ['.bazelrc', 'user.bazelrc', '.bazelversion', 'tools/bazel', '.bazeliskrc'],
    more(_, dir, collection) {
      for (const name of ['.bazelrc', 'user.bazelrc']) pinNamed(join(dir, name), dir, collection)
    },
  },
  { programs: ['mise'], files: ['mise.toml', '.mise.toml', '.config/mise.toml'] },
  { programs: ['shellcheck'], files: ['.shellcheckrc', 'shellcheckrc'] },
  { programs: ['golangci-lint'], files: ['yml', 'yaml', 'toml', 'json'].map((end) => `.golangci.${end}`) },
  { programs: ['mix'], files: ['.formatter.exs', '.credo.exs'] },
  { programs: ['swift', 'swiftlint'], files: ['.swiftlint.yml'] },
  {
    programs: ['deno'],
    files: ['deno.json', 'deno.jsonc'],
    more: (_, dir, collection) => follow(dir, ['deno.json', 'deno.jsonc'], collection),
  },
])

/** Of a trimmed line. Nothing after the key can fail to match, so a line made to hang it costs no more than its length. */
const COMMAND =
  /^(?:- )?(?:(?:cmd|sh|run|entry|commands(?:_pre|_post)?|"[\w:-]+")\s*[:=]\s*)?[@-]*["']?(.*?)["']?,?$/s

/**
 * Hands over every line that may be a command: recipe lines, list items and values of the keys that hold commands. Lines
 * that are none lead nowhere. With a depth the files that they take in are pinned, and followed too.
 */
function follow(dir: string, names: readonly string[], collection: Collection, depth?: number): void {
  for (const rel of names.map((name) => join(dir, name))) {
    if (depth !== undefined) pinNamed(rel, dir, collection, depth)
    for (const line of collection.workspace.text(rel)?.split(/\r?\n/) ?? []) {
      const command = /^\s|^commands/.test(line) ? COMMAND.exec(line.trim())?.[1] : undefined
      if (command) collection.runText(rel.endsWith('tox.ini') ? toxCommand(command) : command, dir, false)
    }
  }
}

/** tox writes the directory of its file, and the arguments it was given, in braces. */
function toxCommand(text: string): string {
  return text.replaceAll('{toxinidir}', '.').replace(/\{[^{}]{0,200}\}/g, '')
}

/** Files that a task file takes in (`import`, `mod`, includes, variables), or that a `.bazelrc` imports; they are followed too. */
function pinNamed(rel: string, dir: string, collection: Collection, depth = 0): void {
  if (depth > MAX_DEPTH || !collection.once(`named ${rel}`)) return
  const { workspace } = collection
  const text = workspace.text(rel) ?? ''
  let taken = 0
  const take = (name: string): void => {
    const file = workspace.inside(dir, name)
    if (file === null || ++taken > MAX_TAKEN) return
    collection.file(file)
    follow(dirOf(file), [programOf([file])], collection, depth + 1)
  }
  for (const line of text.split('\n')) {
    if (line.length > MAX_LINE) continue
    const imported = /^\s*(?:try-)?import\??\s+["']?(?:%workspace%\/)?([^\s"'#]+)/.exec(line)?.[1]
    const [, module, at] = /^mod\??\s+([\w-]+)(?:\s+["']([^"']+))?/.exec(line) ?? []
    const included = /^\s+[\w-]+:\s*["']?([^\s"'#]+)/.exec(line)?.[1]
    if (imported !== undefined) take(imported)
    if (at !== undefined) take(at)
    else if (module !== undefined)
      for (const form of [`${module}.just`, `${module}/mod.just`, `${module}/justfile`]) take(form)
    if (included === undefined) continue
    const target = workspace.inside(dir, included)
    if (/\.ya?ml$/.test(included)) take(included)
    else if (target !== null && target !== dir && workspace.stat(target)?.isDirectory())
      for (const name of TASKFILES) if (workspace.exists(join(target, name))) take(`${included}/${name}`)
  }
  // Variables: `set dotenv-load` of just, `dotenv: [a, b]` of task.
  const list = /^dotenv:\s{0,20}\[([^\]]{0,1000})\]/m.exec(text)?.[1]
  for (const name of list?.split(/[\s"',]+/) ?? [])
    if (name !== '') collection.file(workspace.inside(dir, name) ?? rel)
  if (/^set dotenv-/m.test(text)) collection.file(join(dir, '.env'))
}
