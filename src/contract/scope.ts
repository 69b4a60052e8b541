import { type PathProblem, globProblem, normalGlob } from './path-rules.ts'
import { readGlob } from './read-glob.ts'
import { structuredFormat } from './structured-files.ts'

/** The names on the way to a part of a structured file. */
export type Pointer = readonly string[]

/** One entry of a scope, taken apart. */
export interface ScopeEntry {
  readonly glob: string
  /** The path that it names to the letter; null where it has wildcards. */
  readonly path: string | null
  /** The part of the file that may differ; null for all of it. */
  readonly pointer: Pointer | null
}

const EXAMPLE = 'package.json#/dependencies'
/** Where a pointer begins. `\#` is a character of a name. */
const BEGIN = /(?<!\\)#(?=\/|$)/

/** `src/**`, `package.json`, or a part of a file: `package.json#/dependencies` (a JSON pointer, RFC 6901). */
export function readScopeEntry(text: string): ScopeEntry {
  const at = BEGIN.exec(text)?.index ?? text.length
  const glob = text.slice(0, at)
  const { rest, text: path } = readGlob(glob)
  return {
    glob,
    path: rest === '' ? path : null,
    pointer: at === text.length ? null : pointerOf(text.slice(at + 1)),
  }
}

/** `/tool/uv` → its names. */
function pointerOf(text: string): Pointer {
  return text
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** As it is written after `#`. */
export function pointerText(pointer: Pointer): string {
  return pointer.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** Names what a person accepts: a path, or a file, `#` and a pointer. */
export function scopeKey({
  path,
  pointer,
}: {
  readonly path: string
  readonly pointer: string | null
}): string {
  return pointer === null ? path : `${path}#${pointer}`
}

/** What is wrong with an entry of a scope; null when it is fine. */
export function scopeProblem(text: string): PathProblem | null {
  const { glob, path, pointer } = readScopeEntry(text)
  const inGlob = globProblem(glob)
  if (inGlob !== null || pointer === null) return inGlob
  const written = text.slice(glob.length + 1)
  if (path === null)
    return {
      allowed: 'one file before `#/`, without wildcards; each file that may differ in part is named',
      example: EXAMPLE,
    }
  if (structuredFormat(path) === null)
    return {
      allowed:
        'before `#/` a file of JSON, TOML or YAML, as its name says (`.json`, `.toml`, `.yaml`, …); in the name of a directory `#` is written `\\#`',
      example: EXAMPLE,
    }
  if (written === '' || written === '/')
    return { allowed: 'the name of a part after `#/`; the whole file without `#`', example: path }
  if (pointer.includes(''))
    return {
      allowed: 'a pointer whose names are not empty, without `/` at its end',
      example: `${path}#${pointerText(pointer.filter((name) => name !== '')) || '/dependencies'}`,
    }
  if (/~(?![01])/.test(written))
    return { allowed: '`~0` for `~` and `~1` for `/` in a name after `#/`', example: EXAMPLE }
  return null
}

/** One spelling per entry. */
export function normalScopeEntry(text: string): string {
  const { glob } = readScopeEntry(text)
  return normalGlob(glob) + text.slice(glob.length)
}

/** Entries without those that stand twice. */
export function normalScope(entries: readonly string[]): readonly string[] {
  return [...new Set(entries.map(normalScopeEntry))]
}

interface Scoped {
  readonly policy: { readonly scope?: readonly string[] }
  readonly scope?: readonly string[]
}

/** The scopes of a contract, each of which must allow a difference: that of the config, and its own. */
export function scopesOf({ policy, scope }: Scoped): readonly (readonly string[])[] {
  return [policy.scope, scope].filter((one) => one !== undefined)
}

/** Files of which a scope names parts. */
export function filesInPart(contract: Scoped): readonly string[] {
  const files = scopesOf(contract)
    .flat()
    .map(readScopeEntry)
    .flatMap(({ path, pointer }) => (path !== null && pointer !== null ? [path] : []))
  return [...new Set(files)]
}
