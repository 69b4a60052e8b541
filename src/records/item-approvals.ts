import fs from 'node:fs'
import path from 'node:path'
import * as z from 'zod/mini'
import { type Sha256, sha256 } from '../base/hash.ts'
import { parseJson } from '../base/json.ts'
import { namesIn } from '../base/names-in.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { realPath } from '../base/within.ts'
import { writeFileWhole } from '../base/write-file.ts'

/** A person accepted this item of a backlog, as it was. Kept whole, so that it can be shown after the file changed. */
export interface ItemApproval {
  readonly v: 1
  /** Real path of the file: the same backlog in another checkout is a new question. */
  readonly path: string
  /** `Item.digest` */
  readonly digest: Sha256
  readonly text: string
  readonly at: number
}

const schema = z.object({
  v: z.literal(1),
  path: z.string(),
  digest: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  text: z.string(),
  at: z.number(),
})

/** An item as it is asked about: where its file lies, below this root, and its digest. */
export interface AskedItem {
  readonly file: string
  readonly digest: Sha256
}

/** What a person has said of an item: never of this file, of another content of it, or of exactly this. */
export type ItemStanding = 'new' | 'changed' | 'accepted'

/** Code: home-unwritable. */
export function acceptItem(
  home: string,
  root: string,
  item: AskedItem & { readonly text: string },
  at: number,
): Result<true> {
  const file = realFile(root, item.file)
  const approval: ItemApproval = { v: 1, path: file, digest: item.digest, text: item.text, at }
  try {
    fs.mkdirSync(directoryOf(home, file), { recursive: true, mode: 0o700 })
    writeFileWhole(approvalFile(home, file, item.digest), JSON.stringify(approval))
    return ok(true)
  } catch (error) {
    return fail('home-unwritable', `the approval could not be written below ${home}: ${systemWords(error)}`)
  }
}

/** How each item stands, in their order. */
export function itemStandings(
  home: string,
  root: string,
  items: readonly AskedItem[],
): readonly ItemStanding[] {
  return items.map(({ file, digest }) => {
    const real = realFile(root, file)
    if (readApproval(approvalFile(home, real, digest), real)?.digest === digest) return 'accepted'
    return earlier(home, real).length > 0 ? 'changed' : 'new'
  })
}

/** Digests among these that a person has accepted where they lie. */
export function acceptedDigests(
  home: string,
  root: string,
  items: readonly AskedItem[],
): ReadonlySet<Sha256> {
  const standings = itemStandings(home, root, items)
  return new Set(items.flatMap(({ digest }, index) => (standings[index] === 'accepted' ? [digest] : [])))
}

/** When a person last accepted exactly this, ms since the epoch; null: never. */
export function acceptedAt(home: string, root: string, { file, digest }: AskedItem): number | null {
  const real = realFile(root, file)
  const approval = readApproval(approvalFile(home, real, digest), real)
  return approval?.digest === digest ? approval.at : null
}

function earlier(home: string, file: string): ItemApproval[] {
  const dir = directoryOf(home, file)
  return namesIn(dir).flatMap((name) => readApproval(path.join(dir, name), file) ?? [])
}

function realFile(root: string, file: string): string {
  return realPath(path.join(root, file))
}

/** Has a directory for each file. */
export function approvedItemsDir(home: string): string {
  return path.join(home, 'approved-items')
}

function directoryOf(home: string, file: string): string {
  return path.join(approvedItemsDir(home), sha256(file))
}

function approvalFile(home: string, file: string, digest: Sha256): string {
  return path.join(directoryOf(home, file), digest)
}

/** Undefined where nothing is there, or its record does not hold. */
function readApproval(at: string, file: string): ItemApproval | undefined {
  const raw = readTextSafe(at, { maxBytes: 8_000_000 })
  const json = raw.ok ? parseJson(raw.value, 'approval of an item') : raw
  const parsed = json.ok ? schema.safeParse(json.value) : undefined
  return parsed?.success && parsed.data.path === file
    ? { ...parsed.data, digest: parsed.data.digest as Sha256 }
    : undefined
}
