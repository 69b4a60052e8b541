import { type JsonObject, isObject } from '../../base/json.ts'
import { type Manifest, type ManifestFormat, type ReasonKind, type Want, wantsOf } from './parts.ts'

const TABLES = ['dependencies', 'devDependencies', 'optionalDependencies']
const NAME = /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/i
/** Ranges and tags. Whatever has another sign in it (`:`, `/`, `#`) leads somewhere else than to the registry's own name. */
const RANGE = /^[\w.+*^~<>=| -]*$/

/** `package.json`; peers, overrides, resolutions, `pnpm`, bundled names and all else are the rest. */
export const packageJson: ManifestFormat = {
  read: (text) => {
    const json = jsonObject(text)
    const wants = TABLES.flatMap((group) => tableOf(json, group))
    return { wants: wantsOf(wants), rest: without(json, TABLES) } satisfies Manifest
  },
  merge: (was, _now, wants) => {
    const json = structuredClone(jsonObject(was)) as Record<string, unknown>
    for (const { group, name, spec } of wants) {
      const table = isObject(json[group]) ? json[group] : {}
      json[group] = sorted({ ...table, [name]: spec })
    }
    return jsonText(json, was)
  },
}

function tableOf(json: JsonObject, group: string): Want[] {
  const table = json[group] ?? {}
  if (!isObject(table)) throw new TypeError(`${group} is no table`)
  return Object.entries(table).map(([name, spec]) => ({ group, name, spec, fault: npmFault(name, spec) }))
}

/** What a name and its version ask for, if it is not that name in the registry. */
export function npmFault(name: string, spec: unknown): ReasonKind | null {
  if (!NAME.test(name) || name === 'node_modules') return 'not-from-a-registry'
  if (typeof spec !== 'string') return 'not-from-a-registry'
  if (spec.startsWith('npm:')) return 'alias'
  return RANGE.test(spec) ? null : 'not-from-a-registry'
}

export function jsonObject(text: string): JsonObject {
  const json: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
  if (!isObject(json)) throw new TypeError('it is no object')
  return json
}

export function without(json: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)))
}

/** In the indentation that the text had. */
export function jsonText(json: unknown, like: string): string {
  const indent = /^[{[]\r?\n?([ \t]+)/.exec(like)?.[1] ?? '  '
  return `${JSON.stringify(json, null, indent)}${like.endsWith('\n') ? '\n' : ''}`
}

export function sorted<T>(table: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)))
}
