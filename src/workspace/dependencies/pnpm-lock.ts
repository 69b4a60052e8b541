import { stringify } from 'yaml'
import { type JsonObject, isObject } from '../../base/json.ts'
import { flagsOf, peersOf, tableIn } from './npm-entry.ts'
import { npmFault, sorted, without } from './npm-manifest.ts'
import { isSealed, registryOf } from './npm-registry.ts'
import { type Lock, type LockFormat, type Locked, wantKey } from './parts.ts'
import { yamlObject } from './yaml-text.ts'

const TABLES = ['dependencies', 'devDependencies', 'optionalDependencies']
const FLAGS = ['dev', 'optional']

/** `pnpm-lock.yaml` of versions 6 (one table of packages, `/x@1.0.0`) and 9 (`packages` and `snapshots`). */
export const pnpmLock: LockFormat = {
  read: (text) => {
    const file = read(text)
    const packages = new Map(
      Object.entries(file.entries).map(([key, entry]) => [key, locked(key, entry, file)]),
    )
    const asks = new Map<string, ReadonlyMap<string, unknown>>()
    const ways = new Map<string, string>()
    for (const [dir, project] of Object.entries(file.importers)) {
      const asked = new Map<string, unknown>()
      for (const group of TABLES)
        for (const [name, one] of Object.entries(tableIn(project as JsonObject, group))) {
          if (!isObject(one)) throw new TypeError(`${name} is no table`)
          asked.set(wantKey(group, name), one['specifier'])
          ways.set(`${dir}\0${wantKey(group, name)}`, keyOf(name, one['version'], file.slash))
        }
      asks.set(dir, asked)
    }
    const find: Lock['find'] = (dir, { group, name }) => ways.get(`${dir}\0${wantKey(group, name)}`)
    const projects = Object.entries(file.importers).map(([dir, one]) => [
      dir,
      without(one as JsonObject, TABLES),
    ])
    return { packages, asks, ways, find, rest: [file.rest, Object.fromEntries(projects)] }
  },
  registries: [''],
  weaker: (was, now) => now.split(' ').every((flag) => flag === '' || was.split(' ').includes(flag)),
  merge: (was, now, { wants, keys }) => {
    const json = structuredClone(yamlObject(was, 'core')) as Record<string, Record<string, JsonObject>>
    const from = yamlObject(now, 'core') as Record<string, Record<string, JsonObject>>
    for (const { dir, group, name } of wants) {
      const table = (root: typeof json): Record<string, JsonObject> =>
        ('importers' in root ? root['importers']?.[dir] : root) as Record<string, JsonObject>
      const one = table(from)[group]?.[name] as JsonObject
      table(json)[group] = sorted({ ...table(json)[group], [name]: one })
    }
    for (const part of ['packages', 'snapshots'])
      for (const key of keys) {
        const own = from[part]?.[key] === undefined ? key.replace(/\(.*$/, '') : key
        const entry = from[part]?.[own]
        if (entry !== undefined) json[part] = sorted({ ...json[part], [own]: entry })
      }
    return stringify(json, { lineWidth: 0 })
  },
}

interface File {
  /** Before the names of version 6. */
  readonly slash: '/' | ''
  readonly importers: JsonObject
  /** With what `packages` says of them. */
  readonly entries: Readonly<Record<string, JsonObject>>
  readonly rest: JsonObject
}

function read(text: string): File {
  const json = yamlObject(text, 'core')
  const version = /^(6|9)\.\d+$/.exec(String(json['lockfileVersion']))?.[1]
  if (version === undefined) throw new TypeError('it is of another version')
  const importers = 'importers' in json ? tableIn(json, 'importers') : { '.': single(json) }
  const rest = without(json, ['importers', 'packages', 'snapshots', ...('importers' in json ? [] : TABLES)])
  const packages = tableIn(json, 'packages')
  if (version === '6') return { slash: '/', importers, entries: packages as File['entries'], rest }
  const snapshots = tableIn(json, 'snapshots')
  const used = new Set(Object.keys(snapshots).map((key) => key.replace(/\(.*$/, '')))
  if (Object.keys(packages).some((key) => !used.has(key)))
    throw new TypeError('packages has more than snapshots')
  const entries = Object.entries(snapshots).map(([key, snapshot]): [string, JsonObject] => {
    const known = packages[key.replace(/\(.*$/, '')]
    if (!isObject(known) || !isObject(snapshot)) throw new TypeError(`${key} is in one of two tables`)
    return [key, { ...known, snapshot }]
  })
  return { slash: '', importers, entries: Object.fromEntries(entries), rest }
}

function single(json: JsonObject): JsonObject {
  return Object.fromEntries(
    TABLES.flatMap((group) => (json[group] === undefined ? [] : [[group, json[group]]])),
  )
}

/** Which package a name in a table of dependencies leads to; with another name in the version, to that one. */
function keyOf(name: string, version: unknown, slash: '/' | ''): string {
  const text = String(version)
  const full = slash === '/' ? text.startsWith('/') : /^@?[^(@]+@/.test(text)
  return full ? text : `${slash}${name}@${text}`
}

function locked(key: string, entry: JsonObject, { slash }: File): Locked {
  const parts = /^(\/?)((?:@[^/@]+\/)?[^/@]+)@([^()]+)(?:\(.*\))?$/.exec(key)
  const [name = key, version = ''] = parts?.[1] === slash ? [parts[2], parts[3]] : []
  const snapshot = slash === '/' ? entry : tableIn(entry, 'snapshot')
  const resolution = tableIn(entry, 'resolution')
  const isPlain =
    /^\d+\.\d+\.\d+/.test(version) &&
    npmFault(name, version) === null &&
    Object.keys(resolution).every((one) => one === 'integrity' || one === 'tarball') &&
    // Only packages that come from elsewhere name themselves.
    !('name' in entry || 'id' in entry || 'version' in entry)
  const needs = ['dependencies', 'optionalDependencies'].flatMap((table) =>
    Object.entries(tableIn(snapshot, table)).map(([one, at]) => keyOf(one, at, slash)),
  )
  const { hosts, welcomes } = peersOf(entry)
  return {
    name,
    version,
    registry: isPlain ? registryOf(name, version, resolution['tarball']) : null,
    // A name of another package's own is known to that package alone; the project's own stand in manifests.
    alias: false,
    sealed: isSealed(resolution['integrity']),
    needs,
    fixed: slash === '/' ? without(entry, FLAGS) : { ...entry, snapshot: without(snapshot, FLAGS) },
    reach: flagsOf(snapshot, FLAGS),
    programs: entry['hasBin'] === true ? null : [],
    // Version 9 no longer says which packages are built.
    installScript: slash === '/' ? entry['requiresBuild'] === true : null,
    loadsItself: false,
    hosts,
    welcomes,
    inside: null,
  }
}
