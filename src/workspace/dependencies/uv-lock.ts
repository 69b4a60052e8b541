import { canonicalJson } from '../../base/hash.ts'
import { type JsonObject, isObject } from '../../base/json.ts'
import { without } from './npm-manifest.ts'
import type { Lock, LockFormat, Locked, Want } from './parts.ts'
import { PYTHON_ENTRY, areSealed, pythonName } from './python-names.ts'
import { tableAt, tablesOf, tomlObject } from './toml-text.ts'

/** What of a project in the lock file grows with its manifest. */
const GROWING = ['dependencies', 'optional-dependencies', 'dev-dependencies', 'metadata']

/** `uv.lock`. */
export const uvLock: LockFormat = {
  read: (text) => {
    const json = tomlObject(text)
    const entries = tablesOf(json, 'package')
    const packages = new Map(entries.map((entry): [string, Locked] => [keyOf(entry), locked(entry, entries)]))
    if (packages.size !== entries.length) throw new TypeError('a package is there twice')
    const own = entries.filter(isOwn)
    const ways = new Map(own.flatMap((entry) => waysOf(entry, entries)))
    return { packages, asks: null, ways, find: finder(ways), rest: without(json, ['package']) }
  },
  registries: ['https://pypi.org/simple https://files.pythonhosted.org'],
  weaker: () => false,
  // A text of ours would be written anew by `uv sync`, and refused with `--locked`.
  merge: null,
}

function isOwn(entry: JsonObject): boolean {
  const source = tableAt(entry, 'source')
  return 'virtual' in source || 'editable' in source
}

function keyOf(entry: JsonObject): string {
  return [entry['name'], entry['version'], canonicalJson(entry['source'])].map(String).join(' ')
}

/** A name; with a version or a source where there is more than one of that name. */
function keysFor(word: JsonObject, entries: readonly JsonObject[]): string[] {
  const parts = ['name', 'version', 'source'].filter((part) => part in word)
  return entries
    .filter((entry) => parts.every((part) => canonicalJson(entry[part]) === canonicalJson(word[part])))
    .map(keyOf)
}

/** Group (as in the manifest), name and key; and what the lock file copied of the manifest, each to the package that it is about. */
function waysOf(entry: JsonObject, entries: readonly JsonObject[]): [string, string][] {
  const owner = pythonName(String(entry['name']))
  const groups: [string, readonly JsonObject[]][] = [
    ['["project","dependencies"]', tablesOf(entry, 'dependencies')],
    ...inGroups(tableAt(entry, 'optional-dependencies'), ['project', 'optional-dependencies']),
    ...inGroups(tableAt(entry, 'dev-dependencies'), ['dependency-groups']),
  ]
  const metadata = tableAt(entry, 'metadata')
  const copied = [
    ...tablesOf(metadata, 'requires-dist'),
    ...inGroups(tableAt(metadata, 'requires-dev'), []).flatMap(([, list]) => list),
  ]
  return [
    ...groups.flatMap(([group, list]) =>
      list.flatMap((word) =>
        keysFor(word, entries).map((key): [string, string] => [
          `${owner}\0${group}\0${String(word['name'])}\0${canonicalJson(word)}`,
          key,
        ]),
      ),
    ),
    ...copied.map((one): [string, string] => {
      const isPlain = Object.keys(one).every((key) => ['name', 'specifier', 'marker', 'extras'].includes(key))
      return [
        `${owner}\0\0${String(one['name'])}\0${canonicalJson(one)}`,
        (isPlain && keysFor({ name: one['name'] }, entries)[0]) || '',
      ]
    }),
  ]
}

function inGroups(table: JsonObject, place: readonly string[]): [string, readonly JsonObject[]][] {
  return Object.keys(table).map((name) => [JSON.stringify([...place, name]), tablesOf(table, name)])
}

function finder(ways: ReadonlyMap<string, string>): Lock['find'] {
  return (_dir, { owner, group, name }: Want) => {
    const place = group === '["tool","uv","dev-dependencies"]' ? '["dependency-groups","dev"]' : group
    return [...ways].find(([way]) => way.startsWith(`${owner ?? ''}\0${place}\0${name}\0`))?.[1]
  }
}

function locked(entry: JsonObject, entries: readonly JsonObject[]): Locked {
  const registry = tableAt(entry, 'source')['registry']
  const extras = inGroups(tableAt(entry, 'optional-dependencies'), []).flatMap(([, list]) => list)
  const wheels = tablesOf(entry, 'wheels')
  const files = [...wheels, ...(isObject(entry['sdist']) ? [entry['sdist']] : [])]
  const isPlain =
    typeof registry === 'string' &&
    registry.startsWith('https://') &&
    Object.keys(tableAt(entry, 'source')).length === 1
  const metadata = tableAt(entry, 'metadata')
  return {
    ...PYTHON_ENTRY,
    name: pythonName(String(entry['name'])),
    version: String(entry['version']),
    registry: isPlain ? withHosts(registry, entry, files) : null,
    sealed: areSealed(files.map((file) => file['hash'])),
    needs: [...tablesOf(entry, 'dependencies'), ...extras].flatMap((word) => keysFor(word, entries)),
    fixed: isOwn(entry)
      ? [without(entry, GROWING), without(metadata, ['requires-dist', 'requires-dev'])]
      : entry,
    reach: '',
    // What has no wheel is built, and building runs its code.
    installScript: wheels.length === 0,
  }
}

/** The lock file says where each file lies, so that the hosts of files are part of the registry; null for a file of another name. */
function withHosts(registry: string, entry: JsonObject, files: readonly JsonObject[]): string | null {
  const name = pythonName(String(entry['name']))
  const hosts = files.map(({ url }) => {
    if (typeof url !== 'string' || !URL.canParse(url)) return null
    const { origin, pathname, href } = new URL(url)
    const file = /\/([^/]+)$/.exec(pathname)?.[1] ?? ''
    const isNamed = pythonName(file).startsWith(pythonName(`${name}-${String(entry['version'])}`))
    return href === url && isNamed ? origin : null
  })
  return hosts.includes(null) ? null : [registry, ...new Set(hosts)].join(' ')
}
