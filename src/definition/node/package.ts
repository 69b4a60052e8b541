import { type JsonObject, isObject } from '../../base/json.ts'
import { type Collection, isWildcard, join, matchesWildcard } from '../collection.ts'

/** A package.json as npm reads it. */
export interface Package {
  readonly dir: string
  readonly file: string
  readonly json: JsonObject
}

const parsed = new WeakMap<object, Map<string, Package | null>>()

/** The package of exactly this directory; null when it has none. Broken JSON fails the collection: nobody knows what its scripts are. */
export function packageAt(dir: string, collection: Pick<Collection, 'workspace'>): Package | null {
  let known = parsed.get(collection.workspace)
  if (known === undefined) parsed.set(collection.workspace, (known = new Map()))
  const found = known.get(dir)
  if (found !== undefined) return found
  const result = parsePackage(dir, collection)
  known.set(dir, result)
  return result
}

function parsePackage(dir: string, collection: Pick<Collection, 'workspace'>): Package | null {
  const file = join(dir, 'package.json')
  const text = collection.workspace.text(file)
  if (text === null) return null
  try {
    const json: unknown = JSON.parse(text)
    if (isObject(json)) return { dir, file, json }
    collection.workspace.fail(file, 'it is not a JSON object')
  } catch (error) {
    collection.workspace.fail(file, `it is not valid JSON: ${(error as Error).message}`)
  }
  return null
}

/** The package a manager would use from here; whether each directory on the way has one is pinned, not what is in it. */
export function nearestPackage(dir: string, collection: Collection): Package | null {
  for (const up of collection.workspace.upwards(dir)) {
    const found = packageAt(up, collection)
    const file = join(up, 'package.json')
    collection.pin('absent', file, found === null ? null : 'present')
    if (found !== null) return found
  }
  return null
}

/** Pins one member of package.json; null when it has none. */
export function pinMember(from: Package, key: string, collection: Collection): void {
  const value = Object.hasOwn(from.json, key) ? from.json[key] : undefined
  const text =
    value === undefined ? null : typeof value === 'string' ? value : collection.json(value, from.file)
  collection.part(from.file, key, text)
}

/** Body of a script; null when there is none. */
export function scriptBody(from: Package, name: string): string | null {
  const scripts = from.json['scripts']
  const body = isObject(scripts) && Object.hasOwn(scripts, name) ? scripts[name] : undefined
  return typeof body === 'string' ? body : null
}

/** Names of scripts that match `test`, `test:*`, `test:**` and for `/regular expression/` all of them; a plain name always, there or not. */
export function matchingScripts(from: Package, pattern: string): string[] {
  const scripts = from.json['scripts']
  const names = isObject(scripts) ? Object.keys(scripts) : []
  if (/^\/.+\/$/.test(pattern)) return names
  return isWildcard(pattern) ? names.filter((name) => matchesWildcard(pattern, name)) : [pattern]
}
