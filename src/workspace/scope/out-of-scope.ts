import type { ChangeKind } from '../../evidence/types.ts'
import { compileGlob } from '../../evidence/glob.ts'
import { type Pointer, readScopeEntry, scopeKey } from '../../contract/scope.ts'

/** Something that differs from the start where it may not. Texts in it are for people. */
export interface OutOfScope {
  readonly path: string
  /** JSON pointer of the part; null for the whole file. */
  readonly pointer: string | null
  readonly change: ChangeKind
  /**
   * `outside`: nothing in the scope names it. `definition`: only a glob does, and it gives gates or agents their meaning. `part`: parts of
   * the file are named, and this is none of them. `unreadable`: parts are named, and they cannot be told apart.
   */
  readonly why: 'outside' | 'definition' | 'part' | 'unreadable'
  /** Why its parts cannot be told apart; absent otherwise. */
  readonly detail?: string
  /** What it is now; equal exactly when it is the same. A person accepts this, and nothing later. */
  readonly state: string
}

/** A path that differs from the start, as a comparison tells it. */
export interface ScopeChange {
  readonly path: string
  readonly kind: ChangeKind
  readonly state: string
}

/** What differs in a file outside of the open parts; or why they cannot be told apart, for people. */
export type PartsCompared =
  | { readonly ok: true; readonly parts: readonly { readonly pointer: string; readonly state: string }[] }
  | { readonly ok: false; readonly why: string }

export type CompareParts = (path: string, open: readonly Pointer[]) => PartsCompared

/** The scope of the config and that of a contract; a difference must lie in each. */
export type Scopes = readonly (readonly string[])[]

/** Paths of which both texts are needed. Pure. */
export function partlyOpen(scopes: Scopes, changes: readonly ScopeChange[]): readonly string[] {
  const all = scopes.map(compileScope)
  return changes.flatMap(({ path, kind }) =>
    kind === 'modified' && all.some((one) => one.whole(path) !== 'open' && one.parts(path).length > 0)
      ? [path]
      : [],
  )
}

/**
 * What differs outside. `compare` knows every path of `partlyOpen`; `isDefinition`: what must be named to the letter, in whole or in part.
 * A file of which only parts are named may not come, go, or become a link: that is more than a part of it. Pure.
 */
export function outOfScope(
  scopes: Scopes,
  changes: readonly ScopeChange[],
  compare: CompareParts,
  isDefinition: (path: string) => boolean,
): readonly OutOfScope[] {
  const found = new Map<string, OutOfScope>()
  for (const scope of scopes.map(compileScope))
    for (const change of changes)
      for (const one of outside(scope, change, compare, isDefinition)) {
        const key = scopeKey(one)
        if (!found.has(key)) found.set(key, one)
      }
  return [...found.values()]
}

function outside(
  scope: CompiledScope,
  { path, kind, state }: ScopeChange,
  compare: CompareParts,
  isDefinition: (path: string) => boolean,
): readonly OutOfScope[] {
  const whole = scope.whole(path)
  const parts = scope.parts(path)
  if (whole === 'open' || (whole === 'glob' && !isDefinition(path))) return []
  const about = { path, change: kind, state }
  if (parts.length === 0)
    return [{ ...about, pointer: null, why: whole === 'glob' ? 'definition' : 'outside' }]
  if (kind !== 'modified') return [{ ...about, pointer: null, why: 'part' }]
  const compared = compare(path, parts)
  return compared.ok
    ? compared.parts.map((part) => ({ ...about, why: 'part' as const, ...part }))
    : [{ ...about, pointer: null, why: 'unreadable', detail: compared.why }]
}

interface CompiledScope {
  /** `open`: named to the letter; `glob`: by a glob only. */
  readonly whole: (path: string) => 'open' | 'glob' | 'closed'
  /** The parts that are named of this file. */
  readonly parts: (path: string) => readonly Pointer[]
}

function compileScope(entries: readonly string[]): CompiledScope {
  const all = entries.map(readScopeEntry)
  const letters = new Set(all.flatMap((one) => (one.pointer === null && one.path !== null ? [one.path] : [])))
  const globs = all.filter((one) => one.pointer === null).map((one) => compileGlob(one.glob))
  const parts = new Map<string, Pointer[]>()
  for (const { path, pointer } of all)
    if (path !== null && pointer !== null) parts.set(path, [...(parts.get(path) ?? []), pointer])
  return {
    whole: (path) =>
      letters.has(path) ? 'open' : globs.some((matches) => matches(path)) ? 'glob' : 'closed',
    parts: (path) => parts.get(path) ?? [],
  }
}
