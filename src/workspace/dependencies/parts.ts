import type { DependencyReason, PackageName } from './dependency-change.ts'

export type ReasonKind = DependencyReason['kind']

/** One dependency that a manifest asks for. */
export interface Want {
  /** The table that it stands in; the same name in another table is another want. */
  readonly group: string
  readonly name: string
  /** As written; compared whole. */
  readonly spec: unknown
  /** Why it is no version of a registry; null for one that is. */
  readonly fault: ReasonKind | null
  /** Name of the project that asks, where the lock file knows projects by their names. */
  readonly owner?: string
}

export interface Manifest {
  /** By group and name (`wantKey`). */
  readonly wants: ReadonlyMap<string, Want>
  /** All else: nothing of it may differ, not even in its order. */
  readonly rest: unknown
}

/** One package of a lock file. */
export interface Locked extends PackageName {
  /** Which registry it comes from, '' for the default one; null for what comes from none. */
  readonly registry: string | null
  readonly alias: boolean
  readonly sealed: boolean
  /** Keys of what it needs; null where the format does not say. */
  readonly needs: readonly string[] | null
  /** What it is: none of this may differ from the start. */
  readonly fixed: unknown
  /**
   * What only says who needs it (`dev`, `optional`, groups). The word for "everybody" is ''. A further dependant may make
   * it weaker.
   */
  readonly reach: string
  /** Null where the format does not say. */
  readonly programs: readonly string[] | null
  readonly installScript: boolean | null
  readonly loadsItself: boolean | null
  /** Hosts without which it makes no sense (required peers). */
  readonly hosts: readonly string[]
  /** What it loads if it is there (optional peers). */
  readonly welcomes: readonly string[]
  /** The key of the package or directory in which it lies, for those that lie in one another; null for all others. */
  readonly inside: string | null
  /** Only one version of it can be installed, so that another one takes its place. */
  readonly only?: boolean
}

export interface Lock {
  readonly packages: ReadonlyMap<string, Locked>
  /** What the lock file itself says that manifests ask for, by directory of the manifest; null where it does not say. */
  readonly asks: ReadonlyMap<string, ReadonlyMap<string, unknown>> | null
  /** Ways in which packages are asked for, each to its package: a new one may not lead elsewhere than it did. */
  readonly ways: ReadonlyMap<string, string>
  /** The package that a want of the manifest in this directory leads to. */
  readonly find: (dir: string, want: Want) => string | undefined
  readonly rest: unknown
}

/** What may be written back: the wants of one manifest, or packages of a lock file with the wants that lead to them. */
export interface Additions {
  readonly wants: readonly (Want & { readonly dir: string })[]
  readonly keys: ReadonlySet<string>
  /** Ways of the lock file (`Lock.ways`) that are new. */
  readonly ways: ReadonlySet<string>
}

export interface ManifestFormat {
  readonly read: (text: string) => Manifest
  /** The start's text with these wants; null where that is not known. */
  readonly merge: ((was: string, now: string, wants: readonly Want[]) => string | null) | null
  /** For a file that is its own lock file. */
  readonly lock?: LockFormat
}

export interface LockFormat {
  readonly read: (text: string) => Lock
  /** Whether `Locked.reach` may become this by a further dependant. */
  readonly weaker: (was: string, now: string) => boolean
  /** Where packages come from if the start has none. */
  readonly registries: readonly string[]
  readonly merge: ((was: string, now: string, added: Additions) => string | null) | null
}

export const wantKey = (group: string, name: string): string => `${group}\0${name}`

/** What is asked for twice is asked for with both; so nothing is hidden behind the last one. */
export function wantsOf(wants: Iterable<Want>): Map<string, Want> {
  const found = new Map<string, Want>()
  const specs = new Map<string, unknown[]>()
  for (const want of wants) {
    const key = wantKey(want.group, want.name)
    const all = [...(specs.get(key) ?? []), want.spec]
    specs.set(key, all)
    const fault = found.get(key)?.fault ?? want.fault
    found.set(key, { ...want, fault, spec: all.length === 1 ? want.spec : all })
  }
  return found
}
