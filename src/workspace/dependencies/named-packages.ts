import { type JsonObject, isObject } from '../../base/json.ts'
import type { Lock, Locked } from './parts.ts'
import { tablesOf } from './toml-text.ts'

/*
 * poetry and pdm name what a package needs, and no version of it. Both keep a hash of the manifest in the lock file and refuse one that
 * does not fit, so that nothing can be merged there.
 */

/** Groups may become more. */
export const more = (was: string, now: string): boolean =>
  was.split(' ').every((group) => now.split(' ').includes(group))

/** A lock file whose packages are known by their names. */
export function byNames(
  json: JsonObject,
  rest: unknown,
  read: (entry: JsonObject) => Omit<Locked, 'needs'> & { needs: string[] },
): Lock {
  const entries = tablesOf(json, 'package').map(read)
  const keys = entries.map(
    ({ name, version, fixed }) =>
      `${name} ${version} ${JSON.stringify(isObject(fixed) ? [fixed['markers'], fixed['marker'], fixed['extras'], fixed['source']] : null)}`,
  )
  const named = (name: string): string[] => keys.filter((_key, index) => entries[index]?.name === name)
  const packages = new Map(
    entries.map((entry, index): [string, Locked] => [
      keys[index] as string,
      { ...entry, needs: entry.needs.flatMap(named) },
    ]),
  )
  if (packages.size !== entries.length) throw new TypeError('a package is there twice')
  return {
    packages,
    asks: null,
    ways: new Map<string, string>(),
    find: (_dir: string, { name }: { readonly name: string }) => named(name)[0],
    rest,
  }
}

export function groupsOf(entry: JsonObject): string {
  const groups = entry['groups'] ?? []
  if (!Array.isArray(groups)) throw new TypeError('groups is no list')
  return groups.map(String).sort().join(' ')
}
