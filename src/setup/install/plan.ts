import fs from 'node:fs'
import path from 'node:path'
import type { Env } from '../../base/env.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { mergeHooks } from '../../codex/hooks-file/json.ts'
import { parseWholeConfig } from '../../contract/whole-config.ts'
import { type Machine, readMachine } from '../../records/machine.ts'
import { tryBox } from '../../records/sandbox-launcher.ts'
import { filesBelow } from '../files.ts'
import { ourGroups } from '../groups.ts'
import { detect } from '../../detect/detectors.ts'
import { checkOverride } from '../../detect/package-manager.ts'
import { CONFIG_PATH, type ConfigVersion, type RoomProposal, projectConfigText } from './project-config.ts'
import { readPresent } from './read-present.ts'
import { asFound } from '../../detect/as-found.ts'
import { type PrepareProposal, nothingToPrepare } from '../../detect/prepare/proposal.ts'
import { proposePrepare } from '../../detect/prepare/propose.ts'
import { proposeScope } from '../../detect/propose-scope.ts'
import type { ProposedScope } from '../../detect/scope-entry.ts'
import type { ChosenTool, DetectRequest, DetectedCommand } from '../../detect/detection.ts'
import type { FrozenSteps } from '../../contract/steps.ts'
import { takeAllApart } from '../../definition/steps/take-apart.ts'
import { Workspace } from '../../definition/workspace.ts'

export interface InstallRequest extends DetectRequest {
  readonly env: Env
  /** Our `skill/autonomous-loop`. */
  readonly skillDir: string
  /** Replace files that are there and differ. */
  readonly force: boolean
  /** Also register the hooks in the repository's own hooks.json. */
  readonly installHooks: boolean
  /** Put the proposed scope into the config: what agents may change is a person's choice. */
  readonly writeScope?: boolean
}

export interface InstallFile {
  /** Relative to the root. */
  readonly path: string
  readonly text: string
  /** `keep`: another content is there and stays; `same`: this content is there already. */
  readonly action: 'create' | 'replace' | 'same' | 'keep'
}

/** Everything `install-repo` would do; nothing is written yet. */
export interface InstallPlan {
  readonly root: string
  /** In order of precedence; empty when the repository's own config is kept. */
  readonly ecosystems: readonly string[]
  readonly tool: ChosenTool | null
  readonly version: ConfigVersion
  readonly commands: readonly DetectedCommand[]
  /** What the commands of the config are made of. */
  readonly steps: FrozenSteps
  readonly notes: readonly string[]
  /** What the clean room would need. It is in the config only where the room was seen to pass with it. */
  readonly prepare: PrepareProposal
  /** What alone might differ from the start of a run. In the config only where that was asked for. */
  readonly scope: readonly ProposedScope[]
  readonly scopeWritten: boolean
  readonly files: readonly InstallFile[]
  /** The config as it will stand there, for its approval: absolute path and text. */
  readonly config: { readonly path: string; readonly text: string }
}

const HOOKS_PATH = '.codex/hooks.json'

/**
 * Plans the installation into one repository: config, skill, optionally hooks. Reads only.
 * Codes: missing_machine_bootstrap, repo_missing, unsafe_path, unreadable_file, invalid_config, hooks-json-invalid, and
 * those of detection. Existing files stay unless `force`; a hooks.json always keeps what is the user's.
 */
export function planInstall(request: InstallRequest): Result<InstallPlan> {
  const { root, env, force } = request
  const machine = readMachine(env.home)
  if (!machine.ok)
    return fail('missing_machine_bootstrap', `this machine is not set up: ${machine.error.message}`, {
      fix: 'autonomous-loop bootstrap --trust',
    })
  if (!fs.statSync(root, { throwIfNoEntry: false })?.isDirectory())
    return fail('repo_missing', `${root} is not a directory`, {
      fix: 'pass --repo with the path of a repository',
    })
  const override = checkOverride(request.packageManager)
  if (!override.ok) return override

  const config = planConfig(request, machine.value)
  if (!config.ok) return config
  const files: InstallFile[] = [config.value.file]
  for (const name of filesBelow(request.skillDir)) {
    // The repository is shared: no path of this machine goes into it.
    const text = fs
      .readFileSync(path.join(request.skillDir, name), 'utf8')
      .replaceAll('{{CLI}}', 'autonomous-loop')
    const file = planFile(root, `.agents/skills/autonomous-loop/${name}`, text, force)
    if (!file.ok) return file
    files.push(file.value)
  }
  if (request.installHooks) {
    const hooks = planHooks(root, env, machine.value)
    if (!hooks.ok) return hooks
    files.push(hooks.value)
  }
  const { file, ...about } = config.value
  const steps = configSteps(root, file.text)
  return ok({ root, ...about, steps, files, config: { path: path.join(root, CONFIG_PATH), text: file.text } })
}

type PlannedConfig = Pick<
  InstallPlan,
  'ecosystems' | 'tool' | 'version' | 'commands' | 'notes' | 'prepare' | 'scope' | 'scopeWritten'
> & {
  readonly file: InstallFile
}

function planConfig(request: InstallRequest, machine: Machine): Result<PlannedConfig> {
  const present = readPresent(request.root, CONFIG_PATH)
  if (!present.ok) return present
  if (present.value !== null && !request.force) return keptConfig(present.value)
  const detected = detect(request)
  if (!detected.ok) return detected
  const { commands } = detected.value
  const box = tryBox(request, request.root, machine.codex?.native ?? null)
  const version = box.ok ? 2 : 1
  const scope = proposeScope(request.root)
  const scopeWritten = request.writeScope === true && scope.length > 0
  const text = projectConfigText(commands, version, null, scopeWritten ? scope : [])
  const file = planFile(request.root, CONFIG_PATH, text, true)
  if (!file.ok) return file
  const notes = [
    ...detected.value.notes,
    ...tooLong(commands, machine.stopTimeoutSeconds),
    ...(box.ok ? [] : [`format version 1, so no loopback for gates: ${box.error.message}`]),
  ]
  const prepare = proposePrepare(request, commands)
  return ok({ ...detected.value, version, notes, prepare, scope, scopeWritten, file: file.value })
}

/** The same plan with commands about which more is known now: their text in the config is made anew. */
export function withCommands(
  plan: InstallPlan,
  commands: readonly DetectedCommand[],
  notes: readonly string[],
  room: RoomProposal | null,
): Result<InstallPlan> {
  const text = projectConfigText(commands, plan.version, room, plan.scopeWritten ? plan.scope : [])
  const file = planFile(plan.root, CONFIG_PATH, text, true)
  if (!file.ok) return file
  return ok({
    ...plan,
    commands,
    steps: configSteps(plan.root, file.value.text),
    notes: [...plan.notes, ...notes],
    files: plan.files.map((one) => (one.path === CONFIG_PATH ? file.value : one)),
    config: { ...plan.config, text: file.value.text },
  })
}

/** None where the config is a person's own and has faults: those are said elsewhere. */
function configSteps(root: string, text: string): FrozenSteps {
  const config = parseWholeConfig(text, CONFIG_PATH)
  return config.ok ? takeAllApart(Object.values(config.value.commands), new Workspace(root)) : {}
}

/** The hook gives up at its own limit, whatever the commands may take each. */
function tooLong(commands: readonly DetectedCommand[], stopTimeoutSeconds: number): string[] {
  const sum = commands.reduce((all, one) => all + one.timeoutSeconds, 0)
  return sum < stopTimeoutSeconds
    ? []
    : [
        `together the commands may take ${sum} s, and a stop at most ${stopTimeoutSeconds} s: lower timeoutSeconds, or autonomous-loop bootstrap --stop-timeout ${sum + 600}`,
      ]
}

function keptConfig(text: string): Result<PlannedConfig> {
  const config = parseWholeConfig(text, CONFIG_PATH)
  if (!config.ok) {
    const [first] = config.error
    return fail(
      'invalid_config',
      `${CONFIG_PATH} is there but not usable: ${config.error.map((problem) => `${problem.path}: found ${problem.found}, allowed ${problem.allowed}`).join('; ')}`,
      {
        fix: `correct it (for example ${first?.example ?? ''}), or replace it with install-repo --force`,
        data: { problems: config.error },
      },
    )
  }
  return ok({
    ecosystems: [],
    tool: null,
    version: config.value.version,
    commands: asFound(config.value),
    notes: [`${CONFIG_PATH} was there and is kept; --force replaces it`],
    prepare: nothingToPrepare,
    scope: [],
    scopeWritten: false,
    file: { path: CONFIG_PATH, text, action: 'keep' },
  })
}

function planHooks(root: string, env: Env, machine: Machine): Result<InstallFile> {
  const present = readPresent(root, HOOKS_PATH)
  if (!present.ok) return present
  const merged = mergeHooks(present.value, ourGroups(env.home, machine.stopTimeoutSeconds), null)
  if (!merged.ok) return merged
  const action = present.value === null ? 'create' : merged.value.changed ? 'replace' : 'same'
  return ok({ path: HOOKS_PATH, text: merged.value.text, action })
}

function planFile(root: string, name: string, text: string, force: boolean): Result<InstallFile> {
  const present = readPresent(root, name)
  if (!present.ok) return present
  const action =
    present.value === null
      ? 'create'
      : present.value === text
        ? 'same'
        : force
          ? 'replace'
          : ('keep' as const)
  return ok({ path: name, text: action === 'keep' ? (present.value as string) : text, action })
}
