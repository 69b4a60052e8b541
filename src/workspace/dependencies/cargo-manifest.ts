import { type JsonObject, isObject } from '../../base/json.ts'
import { type ManifestFormat, type ReasonKind, type Want, wantsOf } from './parts.ts'
import { tableAt, tomlObject, tomlText, withValue, withoutPath } from './toml-text.ts'

const TABLES = ['dependencies', 'dev-dependencies', 'build-dependencies']
const PLAIN = new Set([
  'version',
  'features',
  'default-features',
  'default_features',
  'optional',
  'workspace',
])

/** `Cargo.toml`; `[patch]`, `[replace]`, features, build settings and all else are the rest. */
export const cargoManifest: ManifestFormat = {
  read: (text) => {
    const json = tomlObject(text)
    const name = tableAt(json, 'package')['name']
    const owner = typeof name === 'string' ? { owner: name } : {}
    const places = placesIn(json)
    const wants = places.flatMap((place) =>
      Object.entries(tableAt(json, ...place)).map(([one, spec]): Want => ({
        group: JSON.stringify(place),
        name: one,
        spec,
        fault: crateFault(one, spec),
        ...owner,
      })),
    )
    return { wants: wantsOf(wants), rest: places.reduce(withoutPath, json) }
  },
  merge: (was, _now, wants) => {
    let json = tomlObject(was)
    for (const { group, name, spec } of wants)
      json = withValue(json, [...(JSON.parse(group) as string[]), name], spec)
    return tomlText(json)
  },
}

function placesIn(json: JsonObject): string[][] {
  const targets = Object.keys(tableAt(json, 'target')).flatMap((target) =>
    TABLES.map((table) => ['target', target, table]),
  )
  return [...TABLES.map((table) => [table]), ['workspace', 'dependencies'], ...targets]
}

function crateFault(name: string, spec: unknown): ReasonKind | null {
  if (!/^[A-Za-z][\w-]*$/.test(name)) return 'not-from-a-registry'
  const table = isObject(spec) ? spec : { version: spec }
  if ('package' in table) return 'alias'
  if ('registry' in table || 'registry-index' in table) return 'other-registry'
  if (Object.keys(table).some((key) => !PLAIN.has(key))) return 'not-from-a-registry'
  const { version, workspace } = table
  if (version === undefined) return workspace === true ? null : 'not-from-a-registry'
  return typeof version === 'string' && /^[\w.^~*=<>, +-]+$/.test(version) ? null : 'not-from-a-registry'
}
