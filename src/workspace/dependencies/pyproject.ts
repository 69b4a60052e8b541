import { type JsonObject, isObject } from '../../base/json.ts'
import { type ManifestFormat, type ReasonKind, type Want, wantsOf } from './parts.ts'
import { pythonName, requirement } from './python-names.ts'
import { tableAt, tomlObject, tomlText, withValue, withoutPath } from './toml-text.ts'

type Place = readonly string[]

const FIELDS = new Set(['version', 'extras', 'optional', 'markers', 'python'])

/**
 * `pyproject.toml`: dependencies of the project, its extras and groups, and those of poetry, pdm and uv. Sources, indexes,
 * overrides, constraints, the build system, settings of tools and all else are the rest.
 */
export const pyproject: ManifestFormat = {
  read: (text) => {
    const json = tomlObject(text)
    const { lists, tables } = placesIn(json)
    const name = tableAt(json, 'project')['name'] ?? tableAt(json, 'tool', 'poetry')['name']
    const owner = typeof name === 'string' ? { owner: pythonName(name) } : {}
    const wants = [
      ...lists.flatMap((place) =>
        listed(json, place).map((spec): Want => ({ ...wantIn(place, spec), ...owner })),
      ),
      ...tables.flatMap((place) =>
        Object.entries(tableAt(json, ...place)).map(([one, spec]): Want => ({
          ...pipWant(place, one, spec),
          ...owner,
        })),
      ),
    ]
    // What includes another group is no requirement, and stays where it was.
    const others = lists.map(
      (place) => [place, at(json, place).filter((one) => typeof one !== 'string')] as const,
    )
    const rest = [...lists, ...tables].reduce(withoutPath, json)
    return { wants: wantsOf(wants), rest: [rest, others.filter(([, list]) => list.length > 0)] }
  },
  merge: (was, now, wants) => {
    let json = tomlObject(was)
    for (const { group, name, spec } of wants) {
      const place = JSON.parse(group) as string[]
      const isTable = placesIn(tomlObject(now)).tables.some((one) => JSON.stringify(one) === group)
      json = isTable
        ? withValue(json, [...place, name], spec)
        : withValue(json, place, [...at(json, place), ...[spec].flat()])
    }
    return tomlText(json)
  },
}

function placesIn(json: JsonObject): { readonly lists: Place[]; readonly tables: Place[] } {
  const below = (...place: readonly string[]): Place[] =>
    Object.keys(tableAt(json, ...place)).map((one) => [...place, one])
  return {
    lists: [
      ['project', 'dependencies'],
      ...below('project', 'optional-dependencies'),
      ...below('dependency-groups'),
      ...below('tool', 'pdm', 'dev-dependencies'),
      ['tool', 'uv', 'dev-dependencies'],
    ],
    tables: [
      ['tool', 'poetry', 'dependencies'],
      ['tool', 'poetry', 'dev-dependencies'],
      ...below('tool', 'poetry', 'group').map((place) => [...place, 'dependencies']),
    ],
  }
}

function at(json: JsonObject, place: Place): readonly unknown[] {
  const list = tableAt(json, ...place.slice(0, -1))[place.at(-1) as string] ?? []
  if (!Array.isArray(list)) throw new TypeError(`${place.join('.')} is no list`)
  return list
}

function listed(json: JsonObject, place: Place): string[] {
  return at(json, place).filter((one) => typeof one === 'string')
}

function wantIn(place: Place, spec: string): Want {
  const { name, fault } = requirement(spec)
  return { group: JSON.stringify(place), name, spec, fault }
}

/** One line of a table of poetry or pipenv. */
export function pipWant(place: Place, name: string, spec: unknown): Want {
  const table = isObject(spec) ? spec : { version: spec }
  const isPlain =
    Object.keys(table).every((key) => FIELDS.has(key)) &&
    typeof table['version'] === 'string' &&
    /^[\w.*+!<>=~^,| -]*$/.test(table['version'])
  const fault: ReasonKind | null = isPlain && pythonName(name) !== 'python' ? null : 'not-from-a-registry'
  return { group: JSON.stringify(place), name: pythonName(name), spec, fault }
}
