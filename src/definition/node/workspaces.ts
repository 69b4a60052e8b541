import { isObject } from '../../base/json.ts'
import { type Collection, isWildcard, join, matchesWildcard } from '../collection.ts'
import { type Package, packageAt } from './package.ts'

const MAX_MEMBERS = 500
const MAX_VISITED = 5000
const MAX_DEPTH = 5
const MAX_FILTER = 300

/** The packages of a workspace, sorted by directory; the root package itself is not among them. */
export function memberPackages(root: Package, collection: Collection): Package[] {
  const dirs = new Set<string>()
  const visited = new Set<string>()
  for (const pattern of new Set(patterns(root, collection))) {
    if (pattern.startsWith('!')) continue
    const parts = pattern.replace(/^\.\//, '').replace(/\/$/, '').split('/')
    expandParts(root.dir, parts, 0, dirs, visited, collection)
  }
  return [...dirs].sort().flatMap((dir) => packageAt(dir, collection) ?? [])
}

/** Members that `-w`, `--filter` or `yarn workspace` mean: by name, by directory, or everything below a directory. */
export function selectMembers(root: Package, filter: string, collection: Collection): Package[] {
  const all = memberPackages(root, collection)
  if (filter.length > MAX_FILTER) return all
  const plain = filter.replace(/^[!{]+|^\.\.\.|[.^}]+$/g, '').replace(/\[.*$/, '')
  const dir = collection.workspace.inside(root.dir, plain)
  const named = (name: unknown): boolean =>
    typeof name === 'string' &&
    (matchesWildcard(plain, name) || matchesWildcard(plain, name.replace(/^@[^/]+\//, '')))
  const found = all.filter(
    (member) =>
      named(member.json['name']) || member.dir === dir || (dir !== null && member.dir.startsWith(`${dir}/`)),
  )
  // A filter we do not understand may mean any of them.
  return found.length > 0 ? found : all
}

function patterns(root: Package, collection: Collection): string[] {
  const found: unknown[] = []
  const workspaces = root.json['workspaces']
  if (Array.isArray(workspaces)) for (const one of workspaces as unknown[]) found.push(one)
  else if (isObject(workspaces) && Array.isArray(workspaces['packages']))
    for (const one of workspaces['packages'] as unknown[]) found.push(one)
  const yaml = collection.workspace.text(join(root.dir, 'pnpm-workspace.yaml'))
  const block = yaml === null ? null : /^packages:([^\n]*\n(?:[ \t-].*\n?|\s*\n)*)/m.exec(`${yaml}\n`)
  for (const [, item] of (block?.[1] ?? '').matchAll(/(?:-\s*|[[,]\s*)["']?([^"'\s,\]#]+)/g)) found.push(item)
  const lerna = collection.workspace.text(join(root.dir, 'lerna.json'))
  for (const [, list] of (lerna ?? '').matchAll(/"packages"\s{0,20}:\s{0,20}\[([^\]]{0,5000})\]/g))
    for (const [, item] of (list as string).matchAll(/"([^"]+)"/g)) found.push(item)
  return found.filter((item) => typeof item === 'string')
}

function expandParts(
  dir: string,
  parts: readonly string[],
  at: number,
  into: Set<string>,
  visited: Set<string>,
  collection: Collection,
): void {
  const key = `${parts.join('/')}\0${dir}`
  if (
    into.size >= MAX_MEMBERS ||
    visited.size >= MAX_VISITED ||
    at > MAX_DEPTH + parts.length ||
    visited.has(key)
  )
    return
  visited.add(key)
  const [part, ...rest] = parts
  if (part === undefined) {
    if (collection.workspace.exists(join(dir, 'package.json'))) into.add(dir)
    return
  }
  if (!isWildcard(part)) {
    const next = collection.workspace.inside(dir, part)
    if (next !== null) expandParts(next, rest, at + 1, into, visited, collection)
    return
  }
  if (part === '**') expandParts(dir, rest, at + 1, into, visited, collection)
  for (const child of collection.workspace.names(dir, 2000) ?? []) {
    if (child === 'node_modules' || child.startsWith('.') || !matchesWildcard(part, child)) continue
    const next = join(dir, child)
    if (collection.workspace.stat(next)?.isDirectory())
      expandParts(next, part === '**' ? parts : rest, at + 1, into, visited, collection)
  }
}
