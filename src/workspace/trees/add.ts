import { type Result, ok } from '../../base/result.ts'
import { pathBytes } from '../../evidence/path-text.ts'
import { gitIn } from './git.ts'
import { GITLINK, type IndexEntry, isAsIndexed, readIndex } from './own-index.ts'
import type { Held } from './rules.ts'
import type { OwnRepository, TreePlace } from './types.ts'
import type { Walked } from './walk-tree.ts'

/**
 * Brings our index to what lies in the work tree. A file is read where it is not the one that the index saw; git's own look is not
 * asked, because a program can set what that believes. `others`: lists what the index does not hold and no rule ignores.
 */
export async function addToIndex(
  own: OwnRepository,
  place: TreePlace,
  held: Held,
  { found }: Walked,
  others: () => Promise<Result<string[]>>,
): Promise<Result<void>> {
  const entries = readIndex(place.index, own.format)
  const isThere = (one: string): boolean => ['file', 'link'].includes(found.get(one)?.kind ?? '')
  const absent = [...entries].filter(([one, { mode }]) => mode !== GITLINK && !isThere(one))
  const removed = await update(
    own,
    place,
    ['--force-remove', '--stdin'],
    absent.map(([one]) => named(one)),
  )
  if (!removed.ok) return removed
  const unknown = await others()
  if (!unknown.ok) return unknown
  const touched = [...entries].filter(
    ([one, entry]) => entry.mode !== GITLINK && isThere(one) && !isAsIndexed(entry, found.get(one)!.stat),
  )
  // Without the stat of a file the entry has to be looked up in the file itself.
  const forgotten = await update(own, place, ['--add', '--replace', '--index-info'], touched.map(entryLine))
  if (!forgotten.ok) return forgotten
  // An earlier turn may have removed what the base holds although it ignores it.
  const back = [...held].flatMap(([one, blob]) =>
    blob !== null && isThere(one) && !entries.has(one) ? [one] : [],
  )
  const names = new Set([...touched.map(([one]) => one), ...unknown.value, ...back])
  return update(own, place, ['--add', '--replace', '--stdin'], [...names].map(named))
}

function entryLine([one, { mode, oid }]: readonly [string, IndexEntry]): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${oid}\t`), named(one)])
}

function named(one: string): Buffer {
  return Buffer.concat([pathBytes(one), Buffer.from([0])])
}

async function update(
  own: OwnRepository,
  place: TreePlace,
  options: readonly string[],
  records: readonly Buffer[],
): Promise<Result<void>> {
  if (records.length === 0) return ok(undefined)
  const done = await gitIn(own, place, {
    args: ['update-index', '-z', ...options],
    input: Buffer.concat(records),
  })
  return done.ok ? ok(undefined) : done
}
