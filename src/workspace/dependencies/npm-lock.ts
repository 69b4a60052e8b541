import { type JsonObject, isObject } from '../../base/json.ts'
import { flagsOf, peersOf, programsOf, tableIn } from './npm-entry.ts'
import { npmFault, jsonObject, sorted, without, jsonText } from './npm-manifest.ts'
import { isSealed, registryOf } from './npm-registry.ts'
import { type Lock, type LockFormat, type Locked, wantKey } from './parts.ts'
import { same } from './same.ts'

const ASKS = ['dependencies', 'devDependencies', 'optionalDependencies']
const FLAGS = ['dev', 'optional', 'devOptional', 'peer']
const INSIDE = 'node_modules/'

/** `package-lock.json` and `npm-shrinkwrap.json` of versions 2 and 3. */
export const npmLock: LockFormat = {
  read: (text) => {
    const json = jsonObject(text)
    const all = json['packages']
    if (!(json['lockfileVersion'] === 2 || json['lockfileVersion'] === 3) || !isObject(all))
      throw new TypeError('it is of another version')
    const packages = new Map<string, Locked>()
    const asks = new Map<string, ReadonlyMap<string, unknown>>()
    const projects: Record<string, unknown> = {}
    for (const [place, entry] of Object.entries(all)) {
      if (!isObject(entry)) throw new TypeError(`${place} is no object`)
      if (place.startsWith(INSIDE) || place.includes(`/${INSIDE}`))
        packages.set(place, locked(place, entry, all))
      else {
        asks.set(place || '.', asked(entry))
        projects[place] = without(entry, ASKS)
      }
    }
    holdOldTree(json['dependencies'], all)
    return {
      packages,
      asks,
      ways: new Map(),
      find: (dir, { name }) => nearest(dir === '.' ? '' : dir, name, all),
      rest: [without(json, ['packages', 'dependencies']), projects],
    } satisfies Lock
  },
  registries: [''],
  weaker,
  merge: (was, now, { wants, keys }) => {
    const json = structuredClone(jsonObject(was)) as { packages: Record<string, Record<string, unknown>> }
    const from = jsonObject(now)['packages'] as JsonObject
    for (const { dir, group, name, spec } of wants) {
      const project = json.packages[dir === '.' ? '' : dir]
      if (project === undefined) return null
      project[group] = sorted({ ...(project[group] as JsonObject | undefined), [name]: spec })
    }
    for (const key of keys) json.packages[key] = from[key] as Record<string, unknown>
    json.packages = sorted(json.packages)
    // Version 2 has a second tree for npm 6, which every later one makes anew.
    return jsonText(without(json, ['dependencies']), was)
  },
}

/** `peer` goes; `dev` or `optional` becomes both of them, and that becomes nothing. */
function weaker(was: string, now: string): boolean {
  const [had, has] = [was.split(' '), now.split(' ')].map((flags) =>
    flags.filter((flag) => flag !== 'peer').join(' '),
  )
  const isPeer = now.includes('peer') && !was.includes('peer')
  return !isPeer && (has === had || has === '' || (has === 'devOptional' && had !== ''))
}

function asked(project: JsonObject): ReadonlyMap<string, unknown> {
  return new Map(
    ASKS.flatMap((group) =>
      Object.entries(tableIn(project, group)).map(([name, spec]): [string, unknown] => [
        wantKey(group, name),
        spec,
      ]),
    ),
  )
}

function locked(place: string, entry: JsonObject, all: JsonObject): Locked {
  const at = place.lastIndexOf(INSIDE)
  const name = place.slice(at + INSIDE.length)
  const version = typeof entry['version'] === 'string' ? entry['version'] : ''
  const real = typeof entry['name'] === 'string' ? entry['name'] : name
  const { hosts, welcomes } = peersOf(entry)
  const others = ['dependencies', 'optionalDependencies'].flatMap((table) =>
    Object.keys(tableIn(entry, table)),
  )
  const isPlain = entry['link'] !== true && version !== '' && npmFault(name, version) === null
  return {
    name,
    version,
    registry: isPlain ? registryOf(real, version, entry['resolved']) : null,
    alias:
      entry['name'] !== undefined && entry['name'] !== name && !isDeclared(place, name, entry['name'], all),
    // What a shrinkwrap inside of it names is not in this file.
    sealed: isSealed(entry['integrity']) && entry['hasShrinkwrap'] !== true,
    needs: [...others, ...hosts].flatMap((one) => nearest(place, one, all) ?? []),
    fixed: without(entry, FLAGS),
    reach: flagsOf(entry, FLAGS),
    programs: programsOf(name, entry['bin']),
    // Written by npm where there is one, and not run where it is not written.
    installScript: entry['hasInstallScript'] === true,
    loadsItself: false,
    hosts,
    welcomes,
    inside: at === 0 ? null : place.slice(0, at - 1),
  }
}

/** Packages of the registry may give what they need a name of their own (`string-width-cjs`); projects may not. */
function isDeclared(place: string, name: string, real: unknown, all: JsonObject): boolean {
  return Object.entries(all).some(([from, entry]) => {
    if (!from.includes(INSIDE) || !isObject(entry)) return false
    const spec = tableIn(entry, 'dependencies')[name]
    return (
      typeof spec === 'string' &&
      spec.startsWith(`npm:${String(real)}@`) &&
      nearest(from, name, all) === place
    )
  })
}

/** As Node looks for a package from `place`: inside it, beside it, and so on upwards. */
function nearest(place: string, name: string, all: JsonObject): string | undefined {
  for (let dir = place; ; dir = dir.slice(0, Math.max(0, dir.lastIndexOf('/')))) {
    const found = dir === '' ? `${INSIDE}${name}` : `${dir}/${INSIDE}${name}`
    if (Object.hasOwn(all, found)) return found
    if (dir === '') return undefined
  }
}

/** The tree of version 2 that npm 6 reads has to say the same, for those packages that come from a registry. */
function holdOldTree(tree: unknown, all: JsonObject, inside = ''): void {
  if (tree === undefined) return
  if (!isObject(tree)) throw new TypeError('dependencies is no table')
  for (const [name, entry] of Object.entries(tree)) {
    const place = `${inside}${INSIDE}${name}`
    const other = all[place]
    if (!isObject(entry) || !isObject(other)) throw new TypeError(`${place} is in one of two trees`)
    const linked = other['link'] === true
    const agree = ['version', 'resolved', 'integrity'].every((key) => same(entry[key], other[key]))
    if (!linked && !agree) throw new TypeError(`${place} differs between two trees`)
    holdOldTree(entry['dependencies'], all, `${place}/`)
  }
}
