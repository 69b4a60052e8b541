import { type Combined, runsOneOf } from './combine.ts'
import { mayEnter } from './enters.ts'
import { RepoFiles } from './files.ts'
import { readPackageJson } from './node.ts'
import { readWorkspace } from './node-members.ts'
import { otherBuilds } from './other-builds.ts'
import { choosePackageManager } from './package-manager.ts'
import { type SubProject, subProjects } from './sub-projects.ts'
import { lists, sections } from './toml-sections.ts'
import type { DetectRequest, DetectedCommand, Detection, Detector } from './detection.ts'
import type { Suggestion } from './suggestion.ts'

/** Run in the root, their tests are those of all directories. */
const COLLECTS = new Set(['python', 'php', 'maven', 'gradle', 'dotnet', 'deno'])

/** Projects of the repository that no gate tests, as far as the files show. */
export function untested(
  { root, packageManager }: DetectRequest,
  found: readonly (readonly [Detector, Detection])[],
  { commands, tool }: Combined,
  detectors: readonly Detector[],
): Suggestion[] {
  const look = new RepoFiles(root)
  const tests = new Set(
    found.flatMap(([{ name }, one]) => (one.commands.some((command) => command.tests) ? [name] : [])),
  )
  const members = new Set(workspaceMembers(root, packageManager))
  const isReached = ({ ecosystem, cwd, file }: SubProject): boolean => {
    if (ecosystem !== null && COLLECTS.has(ecosystem) && tests.has(ecosystem)) return true
    if (ecosystem === 'node') return members.has(cwd)
    return ecosystem === 'rust' && tests.has('rust') && isCrateOfWorkspace(look, file)
  }
  return [
    ...otherBuilds(look).filter(({ does }) => !commands.some((one) => runsOneOf(one, does))),
    ...subProjects(look, detectors, tool?.name ?? 'npm').filter(
      (one) => !isReached(one) && !commands.some((command) => goesThere(command, one)),
    ),
  ]
}

/** Does a gate test the directory: it runs there, changes to it, or names it? */
function goesThere(command: DetectedCommand, { cwd, does, ecosystem }: SubProject): boolean {
  if (command.cwd === cwd) return true
  if (mayEnter(command.enters, cwd)) return runsOneOf(command, does) || command.tests
  const words = [...command.argv, ...command.runs.flat()].map((word) => word.replace(/^\.\//, ''))
  if (command.tests && words.some((word) => word === cwd || word.startsWith(`${cwd}/`))) return true
  // In the root the tool looks below by itself.
  return ecosystem !== null && COLLECTS.has(ecosystem) && runsOneOf(command, does)
}

function workspaceMembers(root: string, override: string | undefined): string[] {
  const packageJson = readPackageJson(root)
  if (!packageJson.ok || packageJson.value === null) return []
  const manager = choosePackageManager(root, packageJson.value, override)
  const workspace = manager.ok ? readWorkspace(root, packageJson.value, manager.value.name) : null
  return workspace?.members.map((one) => one.dir) ?? []
}

/** Is a Cargo.toml below a workspace in the root that does not exclude it? */
function isCrateOfWorkspace(look: RepoFiles, file: string): boolean {
  const tables = sections(look.text('Cargo.toml'))
  const workspace = tables.get('workspace')
  if (workspace === undefined) return false
  const excluded = (lists(workspace).get('exclude') ?? '').match(/[^"'\s,]+/g) ?? []
  return !excluded.some((dir) => file.startsWith(`${dir.replace(/\/+$/, '')}/`))
}
