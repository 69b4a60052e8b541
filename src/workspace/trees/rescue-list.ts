import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { type Result, fail, ok } from '../../base/result.ts'
import type { Blob } from '../../evidence/git/parse.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { isPointer } from './admin.ts'
import { markOf, readInventory } from './inventory.ts'
import { GITLINK, isAsIndexed, readIndex } from './own-index.ts'
import { placeOf } from './paths.ts'
import type { Held } from './rules.ts'
import type { OwnRepository } from './types.ts'
import { type Found, walkTree } from './walk-tree.ts'

/** What is in a work tree and perhaps nowhere else. */
export interface Loose {
  readonly path: string
  readonly kind: 'f' | 'x' | 'l'
  readonly bytes: number
}

export interface Unknown {
  readonly loose: readonly Loose[]
  /** Of the base, and gone. */
  readonly removed: readonly string[]
  /** Of every file and link: path → how the kernel tells it from any other and any later one. */
  readonly marks: ReadonlyMap<string, string>
}

/** A larger file, and more than that together, is kept as it lies. Bytes. */
const MOST_OF_FILE = 1 << 28
const MOST = 2 ** 32

/**
 * Lists what is neither the base's nor was prepared. A `.git` counts like any directory. Codes: rescue-failed, with why it cannot
 * be put into a commit: too large, or not readable.
 */
export function unknownIn(own: OwnRepository, name: string, held: Held): Result<Unknown> {
  const { dir, index } = placeOf(own, name)
  const { found, closed } = walkTree(dir, () => true)
  const all = new Map(found)
  if (!isPointer(own, name)) for (const [one, there] of gitOfTop(dir)) all.set(one, there)
  if (closed[0] !== undefined)
    return fail('rescue-failed', `the directory ${closed[0] || '.'} cannot be read`)
  const entries = readIndex(index, own.format)
  const prepared = readInventory(own, name)?.files ?? {}
  const loose: Loose[] = []
  const marks = new Map<string, string>()
  let bytes = 0
  for (const [path, there] of all) {
    const { kind, stat } = there
    if (kind === 'directory' || kind === 'other') continue
    marks.set(path, markOf(there))
    const entry = entries.get(path)
    const blob = held.get(path) ?? null
    const isBase = blob !== null && entry !== undefined && entry.oid === blob.oid && isAsIndexed(entry, stat)
    if (isBase || prepared[path] === markOf(there)) continue
    if (stat.size > BigInt(MOST_OF_FILE))
      return fail('rescue-failed', `${path} is larger than a commit of ours takes`)
    bytes += Number(stat.size)
    if (bytes > MOST) return fail('rescue-failed', 'there is more than a commit of ours takes')
    const one: Loose = { path, kind: kindOf(there), bytes: Number(stat.size) }
    if (blob === null || one.kind !== blob.kind || !holds(own, dir, one, blob)) loose.push(one)
  }
  const removed = [...held].flatMap(([path, blob]) =>
    blob !== null && entries.get(path)?.mode !== GITLINK && !marks.has(path) ? [path] : [],
  )
  return ok({ loose, removed, marks })
}

/** Somebody put another one in place of ours. */
function gitOfTop(dir: string): [string, Found][] {
  const stat = fs.lstatSync(`${dir}/.git`, { bigint: true, throwIfNoEntry: false })
  if (stat === undefined) return []
  if (!stat.isDirectory())
    return [['.git', { kind: stat.isFile() ? 'file' : stat.isSymbolicLink() ? 'link' : 'other', stat }]]
  const { found } = walkTree(`${dir}/.git`, () => true)
  return [...found].map(([one, there]) => [`.git/${one}`, there])
}

function kindOf({ kind, stat }: Found): Loose['kind'] {
  if (kind === 'link') return 'l'
  return (stat.mode & 0o100n) === 0n ? 'f' : 'x'
}

function holds(own: OwnRepository, dir: string, { path, kind, bytes }: Loose, { oid }: Blob): boolean {
  const place = fsPath(dir, path)
  try {
    const content = kind === 'l' ? fs.readlinkSync(place, { encoding: 'buffer' }) : fs.readFileSync(place)
    return createHash(own.format).update(`blob ${bytes}\0`).update(content).digest('hex') === oid
  } catch {
    // It counts as another, and storing it says why it cannot be read.
    return false
  }
}

/** Git stores no `.git` of any spelling, so such a directory has another name in the commit. */
export const RENAMED = 'git-directory'
const GIT_NAME = /^(?:\.git|git~[0-9]+)$/i

/** What each is called in a tree, in the same order. Codes: rescue-failed, where two would have one name. */
export function namesInTree(loose: readonly Loose[]): Result<string[]> {
  const names = loose.map(({ path }) =>
    path
      .split('/')
      .map((part) => (GIT_NAME.test(part) ? RENAMED : part))
      .join('/'),
  )
  return new Set(names).size === names.length
    ? ok(names)
    : fail('rescue-failed', `there is a .git beside a ${RENAMED}`)
}
