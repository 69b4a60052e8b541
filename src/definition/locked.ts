import { sha256 } from '../base/hash.ts'
import { isObject } from '../base/json.ts'
import type { Collection } from './collection.ts'

/**
 * The versions of one package that a lockfile (or a list of requirements) names, sorted; null when it names none. A tool
 * may move only when these do: any other byte of a lockfile is as easily changed as the tool.
 */
export function lockedVersions(file: string, text: string, name: string): string | null {
  const found = new Set<string>()
  if (file.endsWith('.json') || file.endsWith('composer.lock') || file.endsWith('Pipfile.lock')) {
    for (const [key, value] of entries(parse(text), name)) {
      const version = isObject(value) ? value['version'] : undefined
      const owner = isObject(value) && typeof value['name'] === 'string' ? value['name'] : undefined
      if (typeof value === 'string') found.add(value)
      if (typeof version === 'string' && (owner ?? key.replace(/^.*node_modules\//, '')) === name)
        found.add(version)
    }
  } else for (const version of versionsInText(text, name)) found.add(version)
  // In binary form (bun.lockb) nobody reads versions: there the whole file has to do.
  if (file.endsWith('.lockb')) return sha256(text)
  return found.size === 0 ? null : [...found].sort().join(' ')
}

/** Pins the versions beside a tool (`locked:<rest>`), for comparison only. */
export function pinLockedVersions(
  rest: string,
  lock: { readonly file: string; readonly text: string },
  name: string,
  collection: Collection,
): void {
  const value = lockedVersions(lock.file, lock.text, name)
  collection.pin('lock', rest, value, lock.file)
}

/** Every version a lockfile names, whatever the package: for loaders that hold all of them. */
export function allVersions(text: string): string {
  const lines = text
    .split('\n')
    .filter((line) => /\b(version|resolution|resolved|checksum|integrity)\b/.test(line))
  return sha256(
    lines
      .map((line) => line.trim())
      .sort()
      .join('\n'),
  )
}

let last: { readonly text: string; readonly json: unknown } = { text: '', json: null }

/** Lockfiles are large and asked for once per tool. */
function parse(text: string): unknown {
  if (last.text === text) return last.json
  let json: unknown = null
  try {
    json = JSON.parse(text)
  } catch {
    // Then it names no version, and no tool may move.
  }
  last = { text, json }
  return json
}

/** `packages` and `dependencies` of npm, lists of composer, groups of pipenv: every table that may hold packages. */
function entries(json: unknown, name: string): [string, unknown][] {
  // No lockfile: the ranges that package.json names.
  if (Array.isArray(json))
    return json.flatMap((table: unknown) =>
      isObject(table) && Object.hasOwn(table, name) ? [[name, table[name]] as [string, unknown]] : [],
    )
  if (!isObject(json)) return []
  return ['packages', 'packages-dev', 'dependencies', 'default', 'develop'].flatMap((key) => {
    const table = Object.hasOwn(json, key) ? json[key] : undefined
    return Array.isArray(table)
      ? table.map((one: unknown): [string, unknown] => ['', one])
      : isObject(table)
        ? Object.entries(table)
        : []
  })
}

/**
 * The forms of pnpm (`/jest@29.0.0:`, `/jest/29.0.0:`), bun (`["jest@29.0.0"`), yarn (a block `jest@^29:` with `version`
 * in it), uv, poetry and pdm (`name = "x"`, then `version = "1"`), and requirements (`x==1`). Case and `_`, `.`, `-` of
 * Python's names are one.
 */
function versionsInText(text: string, name: string): string[] {
  const found: string[] = []
  const plain = (word: string): string => word.toLowerCase().replace(/[._]/g, '-')
  let inside = false
  for (const line of text.split(/\r?\n/)) {
    if (line.length > 10_000 || /^\s*#/.test(line)) continue
    const table = /^\s*name = "([^"]+)"/.exec(line)?.[1]
    if (table !== undefined) inside = plain(table) === plain(name)
    else if (/^\S/.test(line) && /@.*:$/.test(line))
      inside = line.split(',').some((part) => part.trim().replace(/^"/, '').startsWith(`${name}@`))
    else if (line.startsWith('[[')) inside = false
    const version = /^\s*version:? (?:= )?"?([^"\s]+)"?/.exec(line)?.[1]
    if (inside && version !== undefined) {
      found.push(version)
      inside = false
    }
    for (const at of [`${name}@`, `/${name}/`]) {
      const from = line.indexOf(at)
      const before = from > 0 ? (line[from - 1] as string) : ' '
      const is = /^\d[\w.+-]*/.exec(from === -1 ? '' : line.slice(from + at.length))?.[0]
      if (is !== undefined && !/[\w@.-]/.test(before)) found.push(is)
    }
    const required = /^\s*([\w.-]+)(?:\[[^\]]*\])?\s*([=<>~!][^;#\\]*)/.exec(line)
    if (required !== null && plain(required[1] as string) === plain(name) && required[2]?.includes('='))
      if (!/^=\s/.test(required[2])) found.push(required[2].trim())
  }
  return found
}
