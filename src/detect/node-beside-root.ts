import { programOf } from '../definition/collection.ts'
import { parseManager } from '../definition/node/manager.ts'
import type { PackageManager } from '../definition/node/managers.ts'
import { someOf } from './some-of.ts'
import type { Member, Workspace } from './node-members.ts'
import { type Members, inMembers, workspaceCommands } from './node-workspaces.ts'
import { runsTests } from './runs-tests.ts'
import { faultOf } from './script-faults.ts'
import { SINGLE, kindOf } from './script-names.ts'
import { reach, stepsOf } from './script-text.ts'
import { toolOf } from './tool-of.ts'
import type { DetectedCommand, ScriptSource } from './detection.ts'

/** They run the scripts of all packages by themselves. */
const MONOREPO = new Set('turbo nx lerna wireit moon rush ultra lage wsrun'.split(' '))

/**
 * What the root's own gates leave to the members: kinds of checks that the root does not have become gates, and tests
 * that the root's own tests do not call are named, because a runner in the root may or may not find them.
 */
export function besideRoot(
  workspace: Workspace,
  manager: PackageManager,
  source: ScriptSource,
  chosen: readonly DetectedCommand[],
): Members {
  const isCombined = chosen.some(({ name }) => kindOf(name) === null)
  const kinds = new Set(chosen.flatMap(({ name }) => [...reach(source, name)].map(kindOf)))
  const tested = chosen.filter((one) => one.tests)
  const wanted = SINGLE.filter((kind) =>
    kind === 'test' ? tested.length === 0 : !isCombined && !kinds.has(kind),
  )
  const { commands, notes } = workspaceCommands(
    workspace,
    manager,
    (kind) => kind !== null && wanted.includes(kind),
  )
  return {
    commands,
    notes: [...(commands.length === 0 ? [] : notes), ...missedNote(workspace, manager, source, tested)],
  }
}

function missedNote(
  workspace: Workspace,
  manager: PackageManager,
  source: ScriptSource,
  tested: readonly DetectedCommand[],
): string[] {
  const [root] = tested
  if (root === undefined || tested.some(({ name }) => stepsOf(source, name).some(goesIntoMembers))) return []
  const missed = workspace.members.filter(isTested).map((one) => one.dir)
  if (missed.length === 0) return []
  const line = inMembers[manager]('test', { workspace, only: null, everywhere: false })
  const copy = line === null ? '' : `. The line to copy: "test-members": ${JSON.stringify(line)}`
  return [
    `script ${root.name} of the root does not call the tests of these workspaces, so they may not be run: ${someOf(missed)}${copy}`,
  ]
}

function isTested({ source }: Member): boolean {
  return source.scripts.has('test') && faultOf(source, 'test') === null && runsTests(stepsOf(source, 'test'))
}

function goesIntoMembers(argv: readonly string[]): boolean {
  const call = parseManager(argv)
  return (
    MONOREPO.has(programOf(toolOf(argv))) ||
    (call !== null && (call.wide || call.filters.length > 0 || call.dirs.length > 0))
  )
}
