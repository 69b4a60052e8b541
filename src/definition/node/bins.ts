import path from 'node:path'
import { sha256 } from '../../base/hash.ts'
import { type JsonObject, isObject } from '../../base/json.ts'
import type { Collection } from '../collection.ts'
import { join, own } from '../collection.ts'
import type { SeenFile } from '../workspace.ts'
import { allVersions, pinLockedVersions } from '../locked.ts'
import { PACKAGE_MANAGERS, managers } from './managers.ts'
import { packageAt } from './package.ts'
import { readShim } from './shim.ts'

/** More start files than this are only those of no project; the names of system programs are looked for all the same. */
const MAX_BINS = 10_000
/** Programs that come from the system, also when a tool starts them behind our back. Whatever bears their name in node_modules/.bin comes first. */
const SHADOWS = [
  ...PACKAGE_MANAGERS.flatMap((name) => [name, ...managers[name].executors]),
  ...'node corepack git sh bash dash zsh env make python python3 cargo go java mvn gradle docker sed grep awk cat ls rm cp mv mkdir find xargs test true timeout which uname dirname head tail tee diff sort perl ruby php lua cmp cut tr wc comm uniq od expr seq sleep touch ln chmod stat readlink realpath basename mktemp date id kill nohup nice gzip tar zip unzip curl wget patch egrep fgrep gawk bc jq gmake ninja cmake cc gcc ld rustc bundle rake pytest pip pip3 poetry tox composer dotnet podman'.split(
    ' ',
  ),
]
const BUILTINS = new Set(
  'echo printf test [ true false cd pwd exit set unset export read return shift eval trap umask wait : source .'.split(
    ' ',
  ),
)
const LOCKS = PACKAGE_MANAGERS.flatMap((name) => managers[name].lockfiles)
const LOADERS = ['.pnp.cjs', '.pnp.loader.mjs', '.pnp.js']

/**
 * What package-manager scripts find first in PATH: node_modules/.bin of the package and of every directory above it.
 * Names of system programs must stay what they were; tools may change only when the lockfile does (`locked:` pins, see
 * diff.ts), whether a script names them or they only bear the name of a program on the gates' PATH. One pin tells which
 * names are absent; an absent name that appears later is a pin of its own then.
 */
export function pinBins(dir: string, words: readonly string[], collection: Collection): void {
  const { workspace } = collection
  for (const bin of binDirectories(dir, collection)) {
    if (collection.once(`bins ${bin}`)) {
      pinShadows(bin, collection)
      for (const name of workspace.names(bin, MAX_BINS) ?? [])
        if (!SHADOWS.includes(name) && collection.isProgram(name)) pinTool(bin, name, dir, collection)
    }
    if (!workspace.exists(bin)) continue
    for (const word of words)
      if (!word.includes('/') && !SHADOWS.includes(word) && !BUILTINS.has(word) && word !== '')
        pinTool(bin, word, dir, collection)
  }
  if (!collection.once(`loaders ${dir}`)) return
  for (const up of workspace.upwards(dir))
    for (const name of LOADERS) {
      const rel = join(up, name)
      const found = workspace.look(rel)
      if (found === null) continue
      collection.pin('locked', `node:${rel}`, `loader ${found.digest}`, rel)
      const lock = lockOf(dir, collection)
      collection.pin('lock', `node:${rel}`, allVersions(lock.text), lock.file)
    }
}

function pinShadows(bin: string, collection: Collection): void {
  const { workspace } = collection
  collection.pin('absent', `${bin}/{node,npm,npx,yarn,pnpm,pnpx,…}`, null, bin)
  if (!workspace.exists(bin)) return
  for (const name of SHADOWS) {
    const rel = `${bin}/${name}`
    if (workspace.exists(rel)) collection.pin('file', rel, workspace.look(rel)?.digest ?? null)
  }
}

function binDirectories(dir: string, collection: Collection): string[] {
  const dirs = collection.workspace.upwards(dir).map((up) => join(up, 'node_modules/.bin'))
  for (let at = collection.workspace.root; at !== path.dirname(at);) {
    at = path.dirname(at)
    const outside = path.join(at, 'node_modules/.bin')
    if (collection.workspace.exists(outside)) dirs.push(outside)
  }
  return dirs
}

function pinTool(bin: string, name: string, dir: string, collection: Collection): void {
  const rel = `${bin}/${name}`
  const seen = collection.workspace.exists(rel) ? collection.workspace.look(rel) : null
  const lock = lockOf(dir, collection)
  const value = seen === null ? null : toolValue(rel, name, seen, lock.text, collection)
  collection.pin('locked', `node:${rel}`, value, rel)
  const owner = /^(?:install|shim) (.+)@/.exec(value ?? '')?.[1] ?? name
  pinLockedVersions(`node:${rel}`, lock, owner, collection)
}

/**
 * `install <package>@<version> <digest>` for a link or start script a package manager made, into a package that declares
 * this program and that the lockfile names; `shim …` for a start script of a form we do not know; else `file …`.
 */
function toolValue(rel: string, name: string, seen: SeenFile, lock: string, collection: Collection): string {
  const shim = seen.target === null ? readShim(seen.text ?? '') : null
  const target = seen.target ?? shim?.target
  const owner = target === undefined ? undefined : /^\.\.\/((?:@[^/]+\/)?[^/.][^/]*)\/(.+)$/.exec(target)
  if (owner) {
    const [, dependency, file] = owner as unknown as [string, string, string]
    const json = packageAt(rel.slice(0, rel.lastIndexOf('/.bin/')) + `/${dependency}`, collection)?.json
    const digest = sha256(`${seen.digest}${collection.json(json, rel)}`)
    if (
      json !== undefined &&
      json['name'] === dependency &&
      binOf(json, name, file) &&
      lockNames(lock, dependency)
    )
      return `${shim?.exact === false ? 'shim' : 'install'} ${dependency}@${typeof json['version'] === 'string' ? json['version'] : '?'} ${digest}`
  }
  return `file ${seen.digest}`
}

function binOf(json: JsonObject, name: string, file: string): boolean {
  const bin = json['bin']
  const plain = typeof json['name'] === 'string' ? json['name'].replace(/^@[^/]+\//, '') : ''
  const declared =
    typeof bin === 'string' ? (plain === name ? bin : undefined) : isObject(bin) ? own(bin, name) : undefined
  return typeof declared === 'string' && path.posix.normalize(declared) === path.posix.normalize(file)
}

function lockNames(lock: string, dependency: string): boolean {
  return [`node_modules/${dependency}"`, `"${dependency}"`, `${dependency}@`, `/${dependency}/`].some(
    (form) => lock.includes(form),
  )
}

/** The nearest lockfile, or the dependencies of package.json where there is none. */
function lockOf(dir: string, collection: Collection): { readonly file: string; readonly text: string } {
  const { workspace } = collection
  for (const up of workspace.upwards(dir))
    for (const name of LOCKS) {
      const file = join(up, name)
      if (workspace.exists(file)) return { file, text: workspace.text(file) ?? '' }
    }
  const json = packageAt(dir, collection)?.json ?? {}
  const file = join(dir, 'package.json')
  const tables = [json['dependencies'], json['devDependencies'], json['optionalDependencies']]
  return { file, text: collection.json(tables, file) }
}
