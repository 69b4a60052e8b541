import { PACKAGE_MANAGERS, type PackageManager } from '../definition/node/managers.ts'
import { found } from './found.ts'
import type { Member, Workspace } from './node-members.ts'
import { chooseStandard, isFast } from './script-choice.ts'
import { COMBINED, SINGLE, type Single, kindOf } from './script-names.ts'
import { faultOf } from './script-faults.ts'
import { commandsIn, stepsOf, testsIn, textOf } from './script-text.ts'
import type { DetectedCommand } from './detection.ts'

/** Members that are named one by one on a command line. */
const MAX_NAMED = 40

interface Where {
  readonly workspace: Workspace
  /** The members to run it in; null: all that have it. */
  readonly only: readonly Member[] | null
  readonly everywhere: boolean
}

/** A script in members of the workspace; null when the manager cannot do that. */
export const inMembers: Readonly<Record<PackageManager, (name: string, where: Where) => string[] | null>> = {
  npm: (name, { only }) =>
    only === null
      ? ['npm', 'run', name, '--workspaces', '--if-present']
      : ['npm', 'run', name, ...only.map(({ dir }) => `--workspace=${dir}`)],
  pnpm: (name, { only }) =>
    only === null
      ? ['pnpm', '--recursive', 'run', name]
      : ['pnpm', ...only.map(({ dir }) => `--filter=./${dir}`), 'run', name],
  yarn: (name, { workspace, only, everywhere }) => {
    if (!workspace.berry) return everywhere && only === null ? ['yarn', 'workspaces', 'run', name] : null
    const names = only?.map((one) => one.name)
    if (names?.includes(null) === true) return null
    return [
      'yarn',
      'workspaces',
      'foreach',
      '--all',
      ...(names ?? []).map((one) => `--include=${one}`),
      'run',
      name,
    ]
  },
  bun: (name, { only }) =>
    only === null
      ? ['bun', 'run', '--filter', '*', name]
      : ['bun', 'run', ...only.map(({ dir }) => `--filter=./${dir}`), name],
}

export interface Members {
  readonly commands: readonly DetectedCommand[]
  readonly notes: readonly string[]
}

/** The members' scripts of some kinds (all, unless said otherwise), each run in the members that have it. */
export function workspaceCommands(
  workspace: Workspace,
  manager: PackageManager,
  wants: (kind: Single | null) => boolean = () => true,
): Members {
  const { members } = workspace
  const choices = members.map((member) => chooseStandard('node', member.source, { passedOver: false }))
  const chosen = new Set(choices.flatMap((one) => one.commands.map(({ name }) => name)))
  const notes = choices.flatMap((one) => one.notes)
  const names = [...chosen].filter((name) => wants(kindOf(name))).sort(byStandard)
  const commands = names.flatMap((name): DetectedCommand[] => {
    const command = inWorkspace(workspace, manager, name)
    if (typeof command !== 'string') return [command]
    notes.push(`script ${name} is left out: ${command}`)
    return []
  })
  return { commands: commands.sort((a, b) => Number(b.fast) - Number(a.fast)), notes }
}

/** One script in the members in which it can be a gate; a text says why it makes no gate at all. */
function inWorkspace(workspace: Workspace, manager: PackageManager, name: string): DetectedCommand | string {
  const { members, patterns } = workspace
  const having = members.filter(({ source }) => (source.scripts.get(name)?.text ?? '').trim() !== '')
  const own = having.filter(({ source }) => faultOf(source, name) === null)
  const faulty = having.find((one) => !own.includes(one))
  const argv = inMembers[manager](name, {
    workspace,
    only: faulty === undefined ? null : own,
    everywhere: own.length === members.length,
  })
  if (argv === null || (faulty !== undefined && own.length > MAX_NAMED))
    return faulty === undefined
      ? 'yarn 1 can run it only if every workspace has it'
      : `it would run in ${faulty.source.file} too, and ${faultOf(faulty.source, name)}`
  return found({
    name,
    argv,
    fast: isFast(
      name,
      own.flatMap(({ source }) => stepsOf(source, name)),
    ),
    tests: own.some(({ source }) => testsIn(source, name)),
    file: 'package.json',
    evidence: `workspaces: ${patterns.join(', ')}`,
    reason: `standard script of ${own.length} of ${members.length} workspaces`,
    does: PACKAGE_MANAGERS.map((one) => [one, name]),
    runs: commandsIn(own.map(({ source }) => textOf(source, name)).join('\n')),
  })
}

/** Combined ones first, stand-ins such as `lint:check` where `lint` would be. */
function byStandard(a: string, b: string): number {
  const at = (name: string): number => {
    const kind = kindOf(name)
    return kind === null
      ? COMBINED.findIndex((one) => one === name.split(':')[0])
      : COMBINED.length + SINGLE.indexOf(kind)
  }
  return at(a) - at(b)
}
