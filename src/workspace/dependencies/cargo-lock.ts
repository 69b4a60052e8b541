import type { JsonObject } from '../../base/json.ts'
import { without } from './npm-manifest.ts'
import type { Lock, LockFormat, Locked } from './parts.ts'
import { tablesOf, tomlObject } from './toml-text.ts'

const CRATES_IO = 'https://github.com/rust-lang/crates.io-index'

/** `Cargo.lock` of versions 2 to 4, whose entries hold their checksums. */
export const cargoLock: LockFormat = {
  read: (text) => {
    const json = tomlObject(text)
    if ('metadata' in json) throw new TypeError('it is of version 1')
    const entries = tablesOf(json, 'package')
    const keys = entries.map(keyOf)
    const packages = new Map<string, Locked>()
    const ways = new Map<string, string>()
    for (const entry of entries) {
      const needs = listOf(entry).map((word) => only(word, keys))
      // Packages of the workspace: what they need may grow, as their manifests do.
      const isOwn = entry['source'] === undefined
      if (isOwn)
        for (const need of needs) ways.set(`${String(entry['name'])}\0${need.split(' ')[0]}\0${need}`, need)
      packages.set(keyOf(entry), locked(entry, needs, isOwn))
    }
    if (packages.size !== entries.length) throw new TypeError('a package is there twice')
    return { packages, asks: null, ways, find: finder(ways), rest: without(json, ['package']) }
  },
  registries: [`registry+${CRATES_IO}`, 'sparse+https://index.crates.io/'],
  weaker: () => false,
  // Cargo refuses a lock file that it would write otherwise (`--locked`), so that a text of ours would not do.
  merge: null,
}

/** By the package that asks; what the workspace asks for, by any of its packages. */
function finder(ways: ReadonlyMap<string, string>): Lock['find'] {
  return (_dir, { owner, name }) =>
    [...ways].find(([way]) => {
      const [from, to] = way.split('\0')
      return to === name && (owner === undefined || owner === from)
    })?.[1]
}

function keyOf(entry: JsonObject): string {
  return [entry['name'], entry['version'], entry['source'] ?? ''].map(String).join(' ').trimEnd()
}

function listOf(entry: JsonObject): readonly string[] {
  const list = entry['dependencies'] ?? []
  if (!Array.isArray(list)) throw new TypeError('dependencies is no list')
  return list.map(String)
}

/** `name`, `name version` or `name version (source)`: as much as tells it from all others. */
function only(word: string, keys: readonly string[]): string {
  const plain = word.replace(/\((.*)\)$/, '$1')
  const found = keys.filter((key) => key === plain || key.startsWith(`${plain} `))
  if (found.length !== 1) throw new TypeError(`${word} is one of ${found.length}`)
  return found[0] as string
}

function locked(entry: JsonObject, needs: readonly string[], isOwn: boolean): Locked {
  const source = typeof entry['source'] === 'string' ? entry['source'] : ''
  return {
    name: String(entry['name']),
    version: String(entry['version']),
    registry: /^(?:registry|sparse)\+https?:\/\//.test(source) ? source : null,
    alias: false,
    sealed: /^[0-9a-f]{64}$/.test(String(entry['checksum'])),
    needs,
    // Written shorter where there is one version only, so that the words of an entry of the start may change.
    fixed: [without(entry, ['dependencies']), isOwn ? [] : [...needs].sort()],
    reach: '',
    programs: [],
    installScript: false,
    loadsItself: false,
    hosts: [],
    welcomes: [],
    inside: null,
  }
}
