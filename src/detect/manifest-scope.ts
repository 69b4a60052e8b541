import { isObject, parseJson } from '../base/json.ts'
import { managers } from '../definition/node/managers.ts'
import type { RepoFiles } from './files.ts'
import { exactGlob } from '../contract/exact-glob.ts'
import type { ProposedScope } from './scope-entry.ts'

interface Manifest {
  /** In the root, or below it with `nested`. */
  readonly name: string
  /** Parts that hold dependencies; none where the file cannot be taken apart. */
  readonly parts: readonly string[]
  readonly locks: readonly string[]
  /** Members of a workspace have one each. */
  readonly nested?: true
}

const nodeLocks = Object.values(managers).flatMap(({ lockfiles }) => lockfiles)

const MANIFESTS: readonly Manifest[] = [
  {
    name: 'package.json',
    parts: ['/dependencies', '/devDependencies', '/optionalDependencies', '/peerDependencies'],
    locks: nodeLocks,
    nested: true,
  },
  {
    name: 'pyproject.toml',
    parts: ['/project/dependencies', '/project/optional-dependencies', '/dependency-groups'],
    locks: ['uv.lock', 'poetry.lock', 'pdm.lock'],
    nested: true,
  },
  { name: 'Cargo.toml', parts: ['/dependencies', '/dev-dependencies'], locks: ['Cargo.lock'], nested: true },
  { name: 'composer.json', parts: ['/require', '/require-dev'], locks: ['composer.lock'] },
  { name: 'deno.json', parts: ['/imports'], locks: ['deno.lock'] },
  { name: 'go.mod', parts: [], locks: ['go.sum'] },
]
/** Members named one by one; with more of them a person has to choose. */
const MOST_MEMBERS = 20

/** Of manifests that are there, the parts that hold dependencies, and the lock files beside them. */
export function manifestScope(files: RepoFiles): ProposedScope[] {
  return MANIFESTS.flatMap((manifest) => [
    ...(files.has(manifest.name) ? partsOf(files, manifest, manifest.name) : []),
    ...(manifest.nested ? members(files, manifest) : []),
    ...manifest.locks
      .filter((name) => files.has(name))
      .map((name) => ({ entry: name, reason: `follows the dependencies of ${manifest.name}` })),
  ])
}

function members(files: RepoFiles, manifest: Manifest): ProposedScope[] {
  const found = files
    .all(new RegExp(`^${manifest.name.replace('.', '\\.')}$`), 3)
    .filter((name) => name !== manifest.name && !/(?:^|\/)(?:test|tests|fixtures|examples?)\//.test(name))
  return found.length > MOST_MEMBERS ? [] : found.flatMap((name) => partsOf(files, manifest, name))
}

/** Only parts that are there, or that the first dependency of its kind would make: the usual one. */
function partsOf(files: RepoFiles, { parts }: Manifest, name: string): ProposedScope[] {
  if (parts.length === 0)
    return [{ entry: exactGlob(name), reason: 'its dependencies; no part of it can be named' }]
  const text = files.text(name) ?? ''
  const usual = name.endsWith('.json') ? jsonParts(text, parts) : parts
  return usual.map((part) => ({
    entry: `${exactGlob(name)}#${part}`,
    reason: 'dependencies; what else stands there steers tools',
  }))
}

function jsonParts(text: string, parts: readonly string[]): readonly string[] {
  const json = parseJson(text, 'package.json')
  const value = json.ok && isObject(json.value) ? json.value : {}
  return parts.filter((part, index) => index < 2 || Object.hasOwn(value, part.slice(1)))
}
