import { type Collection, dirOf, isWildcard, join, matchesWildcard, collectedNames } from './collection.ts'
import { type TomlTable, tomlKey, tomlTables } from './toml-lines.ts'

const MAX_MEMBERS = 500
/** Keys that take a target, or its tests, out of a run. */
const SWITCH = /^(test|harness|doctest|required-features)$/

/**
 * What a Cargo.toml says of what is tested, and how: lints, profiles, targets that are switched off or lead elsewhere,
 * what is found by itself (`autotests`, …), members. Dependencies and what only adds to a run stay the agent's.
 */
export function pinManifest(rel: string, collection: Collection): void {
  if (!collection.once(`manifest ${rel}`)) return
  const dir = dirOf(rel)
  const text = collection.workspace.text(rel)
  const tables = text === null ? [] : tomlTables(text)
  const kept: string[] = []
  const tests = new Map<string, string[]>()
  for (const table of tables) {
    const found = definition(table, dir, tables, collection)
    if (found.length > 0 && table.header !== '') kept.push(table.header)
    // One by one: an agent's file can hold more lines than a call takes arguments.
    for (const line of found) kept.push(line)
    if (table.name === 'test') {
      const name = valueOf(table, 'name') ?? ''
      const lines = tests.get(name) ?? []
      for (const line of table.lines) lines.push(line)
      tests.set(name, lines)
    }
  }
  collection.part(rel, 'lints,profile,targets', kept.length === 0 ? null : kept.join('\n'))
  for (const [name, lines] of tests) collection.part(rel, `[[test]] ${name}`, lines.join('\n'), 'addable')
  for (const member of listOf(tables, 'workspace', 'members'))
    collection.pin('addable', `${rel}#member ${member}`, 'member', rel)
  for (const member of members(dir, tables, collection)) {
    collection.pin('member', member, 'member')
    pinManifest(join(member, 'Cargo.toml'), collection)
  }
}

/** The lines of a table that count. */
function definition(
  table: TomlTable,
  dir: string,
  all: readonly TomlTable[],
  collection: Collection,
): readonly string[] {
  const { name, lines } = table
  if (name === '' || name.includes('\\') || /^(lints|workspace\.lints|profile|lib)(\.|$)/.test(name))
    return lines.length === 0 && name !== '' ? [''] : lines
  if (name === 'package')
    return lines.filter(
      (line) =>
        /^(auto\w*|build|workspace|lints.*|.*\\.*)$/.test(tomlKey(line)) &&
        !/^build\s*=\s*"build\.rs"$/.test(line),
    )
  if (name === 'workspace')
    return lines.filter(
      (line) => !/^(members|resolver|(package|dependencies|metadata)\b.*)$/.test(tomlKey(line)),
    )
  if (name !== 'test' && name !== 'bin') return []
  const isOff = lines.some((line) => SWITCH.test(tomlKey(line)) || tomlKey(line).includes('\\'))
  return isOff || leadsElsewhere(table, dir, all, collection) ? lines : []
}

/** Does a target stand in the place of a file that cargo would find by itself? */
function leadsElsewhere(
  table: TomlTable,
  dir: string,
  all: readonly TomlTable[],
  collection: Collection,
): boolean {
  const [name, path] = [valueOf(table, 'name'), valueOf(table, 'path')]
  if (name === null || path === null) return false
  const from = table.name === 'test' ? 'tests' : 'src/bin'
  const own = all.find((one) => one.name === 'package')
  const candidates = [`${from}/${name}.rs`, `${from}/${name}/main.rs`]
  if (table.name === 'bin' && own !== undefined && valueOf(own, 'name') === name)
    candidates.push('src/main.rs')
  const there = candidates.filter((file) => collection.workspace.exists(join(dir, file)))
  return there.length > 0 && !there.includes(path.replace(/^(\.\/)+/, ''))
}

/** A plain string; null when it is none. */
function valueOf(table: TomlTable, key: string): string | null {
  const line = table.lines.find((one) => tomlKey(one) === key)
  return /=\s*["']([^"'\\]*)["']$/.exec(line ?? '')?.[1] ?? null
}

function listOf(tables: readonly TomlTable[], name: string, key: string): string[] {
  return tables
    .filter((table) => table.name === name)
    .flatMap((table) => table.lines.filter((line) => tomlKey(line) === key))
    .flatMap((line) => [...line.matchAll(/["']([^"']+)["']/g)].map((found) => found[1] as string))
}

/** Directories of the workspace's members and of dependencies that lie in the repository, as far as they are there. */
function members(dir: string, tables: readonly TomlTable[], collection: Collection): string[] {
  const paths = tables
    .filter((table) => /dependencies/.test(table.name))
    .flatMap((table) => table.lines)
    .flatMap((line) => /\bpath\s*=\s*["']([^"']+)["']/.exec(line)?.[1] ?? [])
  const found = new Set<string>()
  for (const pattern of [...listOf(tables, 'workspace', 'members'), ...paths])
    for (const member of expanded(dir, pattern.replace(/\/$/, ''), collection))
      if (found.size < MAX_MEMBERS && collection.workspace.exists(join(member, 'Cargo.toml')))
        found.add(member)
  return [...found]
}

/** Directories a pattern with wildcards in any part names. */
function expanded(dir: string, pattern: string, collection: Collection): string[] {
  const { workspace } = collection
  if (!isWildcard(pattern)) return [workspace.inside(dir, pattern) ?? []].flat()
  let dirs = [dir]
  for (const part of pattern.split('/'))
    dirs = dirs.flatMap((at) =>
      isWildcard(part)
        ? collectedNames(at, collection)
            .filter((name) => matchesWildcard(part, name) && workspace.stat(join(at, name))?.isDirectory())
            .map((name) => join(at, name))
        : [workspace.inside(at, part) ?? []].flat(),
    )
  return dirs
}
