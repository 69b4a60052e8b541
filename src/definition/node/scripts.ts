import {
  type Collection,
  type Collector,
  type Invocation,
  join,
  optionValues,
  programOf,
  plainWords,
} from '../collection.ts'
import { yamlWithout } from '../sections.ts'
import { pinBins } from './bins.ts'
import { type ManagerCall, parseManager } from './manager.ts'
import { type PackageManager, managers, shortcutOf } from './managers.ts'
import { type Package, matchingScripts, nearestPackage, pinMember, scriptBody } from './package.ts'
import { memberPackages, selectMembers } from './workspaces.ts'

/** Keys of a manager's YAML file that change with dependencies. */
const DEPENDENCY_KEYS =
  'packages catalog catalogs overrides packageExtensions onlyBuiltDependencies neverBuiltDependencies ignoredBuiltDependencies allowBuilds minimumReleaseAge minimumReleaseAgeExclude npmMinimalAgeGate approvedGitRepositories'.split(
    ' ',
  )

/** Scripts of package.json as values, transitively, with everything that decides how the package manager starts them. */
export const nodeScripts: Collector = {
  name: 'node-scripts',
  collect(invocation, collection) {
    const { argv, dir } = invocation
    const program = programOf(argv)
    const call = parseManager(argv)
    if (call !== null) return pinManager(call, dir, collection)
    if (program === 'node') {
      for (const name of optionValues(argv, ['--run'])) pinScripts([name], dir, collection, false)
    } else if (['npm-run-all', 'npm-run-all2', 'run-s', 'run-p', 'wsrun'].includes(program)) {
      const names = argv.slice(1).filter((arg) => !arg.startsWith('-'))
      pinScripts(
        names.map((name) => name.split(' ')[0] as string),
        dir,
        collection,
        true,
      )
    } else if (
      ['concurrently', 'conc', 'start-server-and-test', 'server-test', 'wait-on'].includes(program)
    ) {
      for (const arg of argv.slice(1)) pinShortcut(arg, invocation, collection)
    } else if (['turbo', 'nx', 'lerna', 'lage', 'wireit', 'ultra'].includes(program)) {
      pinEverywhere(argv, dir, collection)
    }
  },
}

function pinManager(call: ManagerCall, from: string, collection: Collection): void {
  let dir: string | null = from
  for (const to of call.dirs) dir = dir === null ? null : collection.workspace.inside(dir, to)
  if (dir === null) return
  const here = nearestPackage(dir, collection)
  const root = call.filters.length > 0 || call.wide ? (workspaceRoot(dir, collection) ?? here) : here
  pinSettings(call.manager, here?.dir ?? dir, collection)
  const targets =
    root === null
      ? []
      : call.wide
        ? [root, ...memberPackages(root, collection)]
        : call.filters.length > 0
          ? call.filters.flatMap((filter) => selectMembers(root, filter, collection))
          : [root]
  for (const target of targets) {
    // A member that joins a workspace-wide run later only adds to it; see diff.ts.
    if (call.wide && target !== root) collection.pin('member', target.dir, 'member', target.file)
    for (const name of call.scripts) pinScript(target, name, collection)
    if (call.tool !== null) {
      pinBins(target.dir, [call.tool[0] as string], collection)
      collection.run({ argv: call.tool, dir: target.dir, bins: true })
    }
    if (call.text !== null) collection.runText(call.text, target.dir, true)
  }
  if (targets.length === 0 && call.tool !== null) collection.run({ argv: call.tool, dir, bins: true })
}

function pinScripts(names: readonly string[], dir: string, collection: Collection, patterns: boolean): void {
  const here = nearestPackage(dir, collection)
  if (here === null) return
  for (const name of names)
    for (const match of patterns ? matchingScripts(here, name) : [name]) pinScript(here, match, collection)
}

/** One script with its hooks, in one package; its body is followed. */
function pinScript(from: Package, pattern: string, collection: Collection): void {
  pinMember(from, 'packageManager', collection)
  for (const main of matchingScripts(from, pattern))
    for (const name of [`pre${main}`, main, `post${main}`]) {
      const body = scriptBody(from, name)
      collection.part(from.file, `scripts.${name}`, body)
      if (body === null) continue
      pinBins(from.dir, [], collection)
      collection.runText(body, from.dir, true)
    }
}

/** `concurrently "npm:test:*" "vitest run"`: shortcuts, script names, whole commands. */
function pinShortcut(arg: string, { dir, bins }: Invocation, collection: Collection): void {
  if (arg.startsWith('-')) return
  const shortcut = shortcutOf(arg)
  if (shortcut !== undefined) return pinScripts([shortcut], dir, collection, true)
  const here = nearestPackage(dir, collection)
  if (here !== null && scriptBody(here, arg) !== null) pinScript(here, arg, collection)
  else collection.runText(arg, dir, bins)
}

/** Task runners over a workspace: every word that is a script's name, in the root and in each member. */
function pinEverywhere(argv: readonly string[], dir: string, collection: Collection): void {
  const root = workspaceRoot(dir, collection) ?? nearestPackage(dir, collection)
  if (root === null) return
  const words = plainWords(argv.slice(1)).flatMap((word) => word.split(/[,:]/))
  words.push(...optionValues(argv, ['-t', '--target', '--targets']).flatMap((value) => value.split(',')))
  for (const target of [root, ...memberPackages(root, collection)]) {
    collection.files(target.dir, ['turbo.json', 'turbo.jsonc', 'nx.json', 'project.json', 'lage.config.js'])
    if (target !== root) collection.pin('member', target.dir, 'member', target.file)
    pinMember(target, 'wireit', collection)
    pinMember(target, 'nx', collection)
    for (const word of words) if (scriptBody(target, word) !== null) pinScript(target, word, collection)
  }
  for (const [, command] of collection
    .json(root.json['wireit'], root.file)
    .matchAll(/"command":"((?:[^"\\]|\\.){0,4000})"/g))
    collection.runText(JSON.parse(`"${command}"`) as string, root.dir, true)
}

function workspaceRoot(dir: string, collection: Collection): Package | null {
  for (const up of collection.workspace.upwards(dir)) {
    const exists = collection.workspace.exists(join(up, 'package.json'))
    const found = exists ? nearestPackage(up, collection) : null
    if (
      found !== null &&
      (found.json['workspaces'] !== undefined || collection.workspace.exists(join(up, 'pnpm-workspace.yaml')))
    )
      return found
  }
  return null
}

function pinSettings(manager: PackageManager, dir: string, collection: Collection): void {
  const { workspace } = collection
  for (const up of workspace.upwards(dir)) {
    const { settings, yaml } = managers[manager]
    collection.files(up, settings)
    for (const name of settings)
      pinProgram(workspace.text(join(up, name)), /^yarn-path[ \t]+"?([^"\s]+)/gm, up, collection)
    if (yaml === null) continue
    const rel = join(up, yaml)
    const text = workspace.text(rel)
    collection.part(rel, 'settings', text === null ? null : yamlWithout(text, DEPENDENCY_KEYS))
    pinProgram(text, /^[ \t]*(?:- )?(?:yarnPath|path):[ \t]*["']?([^"'\s]+)/gm, up, collection)
  }
}

/** Programs that settings name: they run in place of the manager or within it. */
function pinProgram(text: string | null, naming: RegExp, dir: string, collection: Collection): void {
  for (const [, named] of (text ?? '').matchAll(naming)) {
    const file = collection.workspace.inside(dir, named as string)
    if (file !== null) collection.file(file)
  }
}
