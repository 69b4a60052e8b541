import { type Collection, join } from './collection.ts'
import { fileRules } from './file-rules.ts'

const JUSTFILES = ['justfile', 'Justfile', '.justfile', 'JUSTFILE']
const TASKFILES = ['Taskfile', 'taskfile'].flatMap((name) =>
  ['.yml', '.yaml', '.dist.yml', '.dist.yaml'].map((end) => name + end),
)

/** Task runners and drivers that stand outside one language: whole files, and the commands in them as far as lines show them. */
export const tasks = fileRules('tasks', [
  { programs: ['just'], files: JUSTFILES, more: (_, dir, collection) => follow(dir, JUSTFILES, collection) },
  {
    programs: ['task', 'go-task'],
    files: TASKFILES,
    more: (_, dir, collection) => follow(dir, TASKFILES, collection),
  },
  { programs: ['pre-commit'], files: ['.pre-commit-config.yaml'] },
  {
    programs: ['lefthook'],
    files: [
      'lefthook.yml',
      '.lefthook.yml',
      'lefthook-local.yml',
      'lefthook.yaml',
      'lefthook.toml',
      'lefthook.json',
    ],
  },
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

/**
 * Hands over every line that may be a command: recipe lines, list items and `cmd:` values. Lines that are none lead
 * nowhere. The pattern takes every line that is indented: one that could fail at its end would begin anew at each blank.
 */
function follow(dir: string, names: readonly string[], collection: Collection): void {
  for (const name of names)
    for (const line of collection.workspace.text(join(dir, name))?.split(/\r?\n/) ?? []) {
      const command = /^\s+(?:- )?(?:(?:cmd|sh|"[\w:-]+")\s*:\s*)?[@-]*["']?(.*?)["']?,?$/s.exec(line)?.[1]
      if (command) collection.runText(command, dir, false)
    }
}
