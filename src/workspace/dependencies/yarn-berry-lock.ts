import { type JsonObject, isObject } from '../../base/json.ts'
import { peersOf, programsOf, tableIn } from './npm-entry.ts'
import { npmFault, without } from './npm-manifest.ts'
import { registryOf } from './npm-registry.ts'
import type { Lock, Locked, Want } from './parts.ts'
import { yamlObject } from './yaml-text.ts'

/** What yarn mends itself in a few packages; its version and the patch are part of yarn. */
const MENDED =
  /^(?<name>[^@]+)@patch:\k<name>@npm%3A(?<version>[\w.+-]+)#(?:optional!|~)builtin<compat\/\k<name>>::version=\k<version>&hash=[0-9a-f]+$/
const PLAIN = /^(?<name>(?:@[^/@]+\/)?[^@/]+)@npm:(?<version>[\w.+-]+)(?:::__archiveUrl=(?<address>[^&#]+))?$/
const OWN = /^(?:@[^/@]+\/)?[^@/]+@workspace:(?<dir>[^:#]+)$/

interface Entry {
  readonly ways: readonly string[]
  readonly fields: JsonObject
  readonly key: string
}

/** `yarn.lock` of yarn 2 and later. */
export function readBerry(text: string): Lock {
  const json = yamlObject(text, 'failsafe')
  const entries = Object.entries(without(json, ['__metadata'])).map(([head, fields]): Entry => {
    if (!isObject(fields)) throw new TypeError(`${head} is no table`)
    return { ways: head.split(', '), fields, key: String(fields['resolution']) }
  })
  const ways = new Map(
    entries.flatMap(({ ways: all, key }) => all.map((one): [string, string] => [one, key])),
  )
  const projects = new Map(
    entries.flatMap((entry): [string, JsonObject][] => {
      const dir = OWN.exec(entry.key)?.groups?.['dir']
      return dir === undefined ? [] : [[dir, entry.fields]]
    }),
  )
  const packages = new Map(
    entries.flatMap((entry): [string, Locked][] =>
      OWN.test(entry.key) ? [] : [[entry.key, locked(entry, ways)]],
    ),
  )
  if (packages.size + projects.size !== entries.length) throw new TypeError('a package is there twice')
  const asked = [...projects].flatMap(([dir, project]) =>
    Object.entries(tableIn(project, 'dependencies')).map(([name, range]): [string, string] => [
      `${dir}\0${name}`,
      way(name, range, ways),
    ]),
  )
  return {
    packages,
    asks: null,
    ways: new Map([...ways, ...asked.map(([from, to]): [string, string] => [from, ways.get(to) ?? to])]),
    find: (dir, want) => found(projects.get(dir), want, ways),
    rest: [json['__metadata'], [...projects].map(([dir, one]) => [dir, without(one, ['dependencies'])])],
  }
}

/** Manifest and lock file have to ask for the same range. */
function found(
  project: JsonObject | undefined,
  { name, spec }: Want,
  ways: ReadonlyMap<string, string>,
): string | undefined {
  const range = project === undefined ? undefined : tableIn(project, 'dependencies')[name]
  return range === `npm:${String(spec)}` || range === spec ? ways.get(way(name, range, ways)) : undefined
}

/** A package that yarn mends is found by the way to the mended one. */
function way(name: string, range: unknown, ways: ReadonlyMap<string, string>): string {
  const plain = `${name}@${String(range)}`
  const mended = `${name}@patch:${name}@${String(range).replace(':', '%3A')}#optional!builtin<compat/${name}>`
  return ways.has(mended) ? mended : plain
}

function locked({ key, fields }: Entry, ways: ReadonlyMap<string, string>): Locked {
  const mended = MENDED.exec(key)?.groups
  const plain = PLAIN.exec(key)?.groups
  const { name = key.slice(0, key.indexOf('@', 1)), version = '', address } = mended ?? plain ?? {}
  const isPlain =
    (mended ?? plain) !== undefined && npmFault(name, version) === null && fields['version'] === version
  const { hosts, welcomes } = peersOf(fields)
  const inner = mended === undefined ? [] : [`${name}@npm:${version}`]
  return {
    name,
    version,
    registry: isPlain ? registryOf(name, version, address && decodeURIComponent(address)) : null,
    alias: false,
    sealed: /^(?:[\w.-]+\/)?[0-9a-f]{128}$/.test(String(fields['checksum'])),
    needs: [
      ...inner,
      ...Object.entries(tableIn(fields, 'dependencies')).flatMap(
        ([one, range]) => ways.get(way(one, range, ways)) ?? [],
      ),
    ],
    fixed: fields,
    reach: '',
    programs: programsOf(name, fields['bin']),
    // Not said by the format.
    installScript: null,
    loadsItself: false,
    hosts,
    welcomes,
    inside: null,
  }
}
