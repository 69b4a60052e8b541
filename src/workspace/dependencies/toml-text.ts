import { parse, stringify } from 'smol-toml'
import { type JsonObject, isObject } from '../../base/json.ts'

/** Tables of a TOML file; throws at what is not TOML, a key that is there twice among it. */
export function tomlObject(text: string): JsonObject {
  return parse(text.replace(/^\ufeff/, ''))
}

export function tomlText(json: JsonObject): string {
  return `${stringify(json)}\n`
}

/** The table at this path; an empty one where there is none. */
export function tableAt(json: JsonObject, ...names: readonly string[]): JsonObject {
  let table: unknown = json
  for (const name of names) table = isObject(table) && Object.hasOwn(table, name) ? table[name] : {}
  if (!isObject(table)) throw new TypeError(`${names.join('.')} is no table`)
  return table
}

/** The list of tables of this name; an empty one where there is none. */
export function tablesOf(json: JsonObject, name: string): readonly JsonObject[] {
  const list = json[name] ?? []
  if (!Array.isArray(list) || !list.every(isObject)) throw new TypeError(`${name} is no list of tables`)
  return list
}

/** A deep copy in which the value at this path is another; tables on the way are made. */
export function withValue(
  json: JsonObject,
  [name = '', ...rest]: readonly string[],
  value: unknown,
): JsonObject {
  if (rest.length === 0) return { ...json, [name]: value }
  const inner = json[name]
  return { ...json, [name]: withValue(isObject(inner) ? inner : {}, rest, value) }
}

/** A copy without what stands at this path, nor tables that become empty by that. */
export function withoutPath(json: JsonObject, [name = '', ...rest]: readonly string[]): JsonObject {
  const { [name]: inner, ...others } = json
  if (rest.length === 0 || !isObject(inner)) return rest.length === 0 ? others : json
  const left = withoutPath(inner, rest)
  return Object.keys(left).length === 0 ? others : { ...json, [name]: left }
}
