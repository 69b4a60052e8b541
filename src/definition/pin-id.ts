/**
 * How two pins of a kind are compared: `value`: any difference counts; `never`: the pin only helps to judge others;
 * `unless-new`: one that appears only adds to what the gates do; `as-installed`: a tool may move with its lockfile.
 */
type Comparison = 'value' | 'never' | 'unless-new' | 'as-installed'

/** Every kind of pin. The stored id begins with the kind and a colon; `version` and `part` have no such head. */
const comparisons = {
  /** The rules by which pins were taken, so that older runs are compared by their own. */
  version: 'never',
  /** A part of a file: `package.json#scripts.test`. */
  part: 'value',
  /** A whole file, or its absence. */
  file: 'value',
  /** Everything below a directory. */
  tree: 'value',
  /** Whether something is there, whatever is in it. */
  absent: 'value',
  /** A directory with more names than can be looked through. */
  crowd: 'value',
  /** A program that a package manager installed. */
  locked: 'as-installed',
  /** The versions that the lockfile names for the program of the same name in `locked`. */
  lock: 'never',
  /** A directory that takes part in a run over many. */
  member: 'never',
  /** A target or a member, as its file names it. */
  addable: 'unless-new',
} as const satisfies Record<string, Comparison>

export type PinKind = keyof typeof comparisons

declare const made: unique symbol
/** The id of a pin as ledgers hold it. Only `pinId` makes one, so a misspelt kind does not compile. */
export type PinId = string & { readonly [made]: true }

/** The one pin of its kind. */
export const versionId = 'pins-version' as PinId
const head = new RegExp(`^(${Object.keys(comparisons).join('|')}):`)

/** `of` is what is pinned: a path, or `path#name` for a part of a file. */
export function pinId(kind: Exclude<PinKind, 'version'>, of: string): PinId {
  // A file in a directory that is called like a kind (`lock:x/package.json`) must not be read as one of that kind.
  if (kind === 'part') return (head.test(of) ? `./${of}` : of) as PinId
  return `${kind}:${of}` as PinId
}

export function pinKind(id: PinId): PinKind {
  return id === versionId ? 'version' : ((head.exec(id)?.[1] as PinKind | undefined) ?? 'part')
}

/** What `pinId` was told to name. */
export function pinnedBy(id: PinId): string {
  return id.replace(head, '').replace(/^\.\//, '')
}

export function comparisonOf(id: PinId): Comparison {
  return comparisons[pinKind(id)]
}
