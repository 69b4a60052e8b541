import { isObject } from '../../base/json.ts'
import { jsonObject, without } from './npm-manifest.ts'
import { type LockFormat, type Locked, type Manifest, type ManifestFormat, wantsOf } from './parts.ts'
import { pipWant } from './pyproject.ts'
import { PYTHON_ENTRY, areSealed, pythonName } from './python-names.ts'
import { tableAt, tomlObject } from './toml-text.ts'

/** `Pipfile`: two tables of packages; sources, versions of Python, scripts and all else are the rest. */
export const pipfile: ManifestFormat = {
  read: (text) => {
    const json = tomlObject(text)
    const wants = ['packages', 'dev-packages'].flatMap((group) =>
      Object.entries(tableAt(json, group)).map(([name, spec]) => pipWant([group], name, spec)),
    )
    return { wants: wantsOf(wants), rest: without(json, ['packages', 'dev-packages']) } satisfies Manifest
  },
  merge: null,
}

export const pipfileLock: LockFormat = {
  read: (text) => {
    const json = jsonObject(text)
    const packages = new Map<string, Locked>()
    const groups = ['default', 'develop']
    for (const group of groups)
      for (const [name, entry] of Object.entries(tableAt(json, group)))
        packages.set(`${group} ${pythonName(name)}`, ofPipenv(pythonName(name), entry))
    return {
      packages,
      asks: null,
      ways: new Map(),
      find: (_dir, { group, name }) => {
        const key = `${group === '["packages"]' ? 'default' : 'develop'} ${name}`
        return packages.has(key) ? key : undefined
      },
      rest: [without(json, ['_meta', ...groups]), without(tableAt(json, '_meta'), ['hash'])],
    }
  },
  registries: ['', 'pypi'],
  weaker: () => false,
  merge: null,
}

function ofPipenv(name: string, entry: unknown): Locked {
  if (!isObject(entry)) throw new TypeError(`${name} is no table`)
  const isPlain = Object.keys(entry).every((key) =>
    ['hashes', 'index', 'markers', 'version', 'extras'].includes(key),
  )
  const index = entry['index'] ?? ''
  const version = /^==([\w.+!-]+)$/.exec(String(entry['version']))?.[1]
  return {
    ...PYTHON_ENTRY,
    name,
    version: version ?? '',
    registry: isPlain && version !== undefined && typeof index === 'string' ? index : null,
    sealed: areSealed(entry['hashes']),
    needs: null,
    fixed: entry,
    reach: '',
    installScript: null,
    // The same one stands in both groups.
    only: false,
  }
}
