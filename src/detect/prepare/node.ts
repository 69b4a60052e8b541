import { type JsonObject, isObject, parseJson } from '../../base/json.ts'
import { type PackageManager, managers } from '../../definition/node/managers.ts'
import type { RepoFiles } from '../files.ts'
import { yamlOf } from '../node-members.ts'
import { readPackageJson } from '../node.ts'
import { choosePackageManager } from '../package-manager.ts'
import { type PrepareProposal, fetching, nothingToPrepare } from './proposal.ts'
import { variablesIn } from './variables.ts'

const LISTS = ['dependencies', 'devDependencies', 'optionalDependencies', 'workspaces']

/**
 * `npm ci` and its like. The project's own scripts are left out, because what they make is of one tree alone; those of packages from
 * the registry are run afterwards by name, where lock file or settings say which packages have any.
 */
export function nodePrepare(look: RepoFiles, override: string | undefined, isRoot: boolean): PrepareProposal {
  const json = readPackageJson(look.root)
  if (!json.ok || json.value === null) return nothingToPrepare
  const { value } = json
  const wants = LISTS.some((list) => Object.keys(value[list] ?? {}).length > 0)
  if (!wants && !look.has('pnpm-workspace.yaml')) return nothingToPrepare
  // A member of a workspace is installed with its root.
  const isLocked = Object.values(managers).some((one) => look.first(...one.lockfiles) !== undefined)
  if (!isRoot && !isLocked) return nothingToPrepare
  const manager = choosePackageManager(look.root, value, override)
  if (!manager.ok) return { ...nothingToPrepare, notes: [`nothing is prepared: ${manager.error.message}`] }
  const file = look.first(...managers[manager.value.name].lockfiles)
  if (file === undefined)
    return {
      ...nothingToPrepare,
      notes: [
        `nothing is prepared: without a lock file of ${manager.value.name} each layer would be another`,
      ],
    }
  return locked(manager.value.name, file, look, value)
}

/** Installs what the lock file says, nothing else, and without asking; `silent` leaves every script out. */
interface Install {
  readonly words: readonly string[]
  readonly silent: string
  /** Its settings in a repository. */
  readonly settings: readonly string[]
}

const installs: Readonly<Record<PackageManager, (lock: string) => Install>> = {
  npm: () => ({ words: ['ci'], silent: '--ignore-scripts', settings: ['.npmrc'] }),
  pnpm: () => ({
    words: ['install', '--frozen-lockfile'],
    silent: '--ignore-scripts',
    settings: ['.npmrc', 'pnpm-workspace.yaml'],
  }),
  yarn: (lock) =>
    /^__metadata:/m.test(lock)
      ? { words: ['install', '--immutable'], silent: '--mode=skip-build', settings: ['.yarnrc.yml'] }
      : {
          words: ['install', '--frozen-lockfile', '--non-interactive'],
          silent: '--ignore-scripts',
          settings: ['.npmrc', '.yarnrc'],
        },
  bun: () => ({
    words: ['install', '--frozen-lockfile'],
    silent: '--ignore-scripts',
    settings: ['bunfig.toml', '.npmrc'],
  }),
}

function locked(manager: PackageManager, file: string, look: RepoFiles, json: JsonObject): PrepareProposal {
  const lock = look.text(file) ?? ''
  const { words, silent, settings } = installs[manager](lock)
  const variables = variablesIn(look, settings)
  const reason = `${file} says what is installed`
  const builds =
    manager === 'npm' ? npmBuilds(lock) : manager === 'pnpm' ? pnpmBuilds(lock, look, json) : null
  const rebuild =
    builds === null || builds.length === 0
      ? []
      : [
          fetching({
            argv: [manager, 'rebuild', ...builds],
            file,
            reason: 'these packages have install scripts',
          }),
        ]
  return {
    steps: [fetching({ argv: [manager, ...words, silent], file, reason, variables }), ...rebuild],
    withScripts: [fetching({ argv: [manager, ...words], file, reason, variables })],
    notes: builds === null ? [`${file} does not say which packages have install scripts: none is run`] : [],
  }
}

/** Packages from a registry that have install scripts, by the name they are installed under; null: the lock file is too old to say. */
function npmBuilds(text: string): string[] | null {
  const json = parseJson(text, 'package-lock.json')
  const packages = json.ok && isObject(json.value) ? json.value['packages'] : undefined
  if (!isObject(packages)) return null
  const names = Object.entries(packages).flatMap(([place, entry]) => {
    if (!isObject(entry) || entry['hasInstallScript'] !== true) return []
    const [, name] = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(place) ?? []
    const from = entry['resolved']
    // Members lie outside of node_modules, or are links; what comes by path or from git is not a registry's.
    const registry = from === undefined || (typeof from === 'string' && /^https?:/.test(from))
    return name !== undefined && registry ? [name] : []
  })
  return sorted(names)
}

/** Packages that pnpm may build: as its settings name them, or as lock files before version 9 say. */
function pnpmBuilds(lock: string, look: RepoFiles, json: JsonObject): string[] {
  const yaml = yamlOf(look.text('pnpm-workspace.yaml') ?? '')
  const named = [json['pnpm'], yaml].flatMap((settings) => {
    if (!isObject(settings)) return []
    const { onlyBuiltDependencies: only, allowBuilds: allowed } = settings
    return [
      ...(Array.isArray(only) ? only : []),
      ...(isObject(allowed) ? Object.keys(allowed).filter((name) => allowed[name] === true) : []),
    ]
  })
  const built = [
    ...lock.matchAll(
      /^ {2}['"]?\/((?:@[^/\s]+\/)?[^@/\s]+)[@/][^\n]*:\n(?: {4}[^\n]*\n)*? {4}requiresBuild: true$/gm,
    ),
  ]
  const names = [
    ...named.filter((name) => typeof name === 'string'),
    ...built.map((match) => match[1] as string),
  ]
  return sorted(names.map((name) => name.replace(/(?!^)@.*$/, '')))
}

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort()
