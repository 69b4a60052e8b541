import { type JsonObject, isObject } from '../../base/json.ts'

/** What an entry of npm, pnpm or yarn says of its peers: hosts that it must have, and packages that it takes if they are there. */
export function peersOf(entry: JsonObject): {
  readonly hosts: readonly string[]
  readonly welcomes: readonly string[]
} {
  const meta = tableIn(entry, 'peerDependenciesMeta')
  const welcomes = Object.keys(meta).filter((name) => {
    const one = meta[name]
    return isObject(one) && String(one['optional']) === 'true'
  })
  const hosts = Object.keys(tableIn(entry, 'peerDependencies')).filter((name) => !welcomes.includes(name))
  return { hosts, welcomes }
}

export function tableIn(entry: JsonObject, name: string): JsonObject {
  const table = entry[name] ?? {}
  if (!isObject(table)) throw new TypeError(`${name} is no table`)
  return table
}

/** Of `bin`, which is a table or the file of one program that has the package's name. */
export function programsOf(name: string, bin: unknown): readonly string[] {
  if (bin === undefined) return []
  return isObject(bin) ? Object.keys(bin) : [name.replace(/^@[^/]+\//, '')]
}

/** Which of these flags are set. What is no flag may be read as one. */
export function flagsOf(entry: JsonObject, names: readonly string[]): string {
  const odd = names.find((name) => entry[name] !== undefined && typeof entry[name] !== 'boolean')
  if (odd !== undefined) throw new TypeError(`${odd} is no flag`)
  return names.filter((name) => entry[name] === true).join(' ')
}
