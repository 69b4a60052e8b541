import { type Collection, join } from './collection.ts'
import { fileRules } from './file-rules.ts'

const JUSTFILES = ['justfile', 'Justfile', '.justfile', 'JUSTFILE']
const TASKFILES = ['Taskfile', 'taskfile'].flatMap((name) =>
  ['.yml', '.yaml', '.dist.yml', '.dist.yaml'].map((end) => name + end),
)

const LEFTHOOK = ['lefthook', '.lefthook', 'lefthook-local'].flatMap((name) =>
  ['yml', 'yaml', 'toml', 'json'].map((end) => `${name}.${end}`),
)
const MAX_INCLUDES = 50
const JUST_IMPORT = /^(?:import\??|mod\??\s+\w+)\s+["']([^"']+)["']/
const TASK_INCLUDE = /^\s+[\w-]+:\s*["']?([\w./-]+\.ya?ml)["']?\s*$/
const BAZEL_IMPORT = /^\s*(?:try-)?import\s+(?:%workspace%\/)?(\S+)/

/** Task runners and drivers that stand outside one language: whole files, and the commands in them as far as lines show them. */
export const tasks = fileRules('tasks', [
  {
    programs: ['just'],
    files: JUSTFILES,
    more(_, dir, collection) {
      follow(dir, JUSTFILES, collection, JUST_IMPORT)
      if (JUSTFILES.some((name) => collection.workspace.text(join(dir, name))?.includes('dotenv')))
        collection.file(join(dir, '.env'))
    },
  },
  {
    programs: ['task', 'go-task'],
    files: TASKFILES,
    more: (_, dir, collection) => follow(dir, TASKFILES, collection, TASK_INCLUDE),
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
    more: (_, dir, collection) => follow(dir, ['.bazelrc'], collection, BAZEL_IMPORT),
  },
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
 * that are none lead nowhere. Files that `include` finds in a line are pinned, and followed too.
 */
function follow(dir: string, names: readonly string[], collection: Collection, include?: RegExp): void {
  const { workspace } = collection
  const rels = names.map((name) => join(dir, name))
  for (const rel of rels) {
    for (const line of workspace.text(rel)?.split(/\r?\n/) ?? []) {
      const command = /^\s|^commands/.test(line) ? COMMAND.exec(line.trim())?.[1] : undefined
      if (command) collection.runText(rel.endsWith('tox.ini') ? toxCommand(command) : command, dir, false)
      const other = include?.exec(line)?.[1]
      const found = other === undefined ? null : workspace.inside(dir, other)
      if (found === null || rels.includes(found) || rels.length > MAX_INCLUDES) continue
      collection.file(found)
      rels.push(found)
    }
  }
}

/** tox writes the directory of its file, and the arguments it was given, in braces. */
function toxCommand(text: string): string {
  return text.replaceAll('{toxinidir}', '.').replace(/\{[^{}]{0,200}\}/g, '')
}
