import path from 'node:path'
import type { Sha256 } from '../base/hash.ts'
import { readItemName } from '../backlog/item-id.ts'
import { itemDigest } from '../backlog/parse-item.ts'
import { readBacklogFiles } from '../backlog/read-backlog.ts'
import type { BatchState } from './state.ts'

/** Digests of the files of a backlog, by name. Files that cannot be read are not there. */
export type ItemFiles = ReadonlyMap<string, Sha256>

export function itemFiles(root: string): ItemFiles {
  return new Map(readBacklogFiles(root).texts.map((one) => [one.name, itemDigest(one)]))
}

/** Ids of frozen items whose files differ, but for those that a person rejected as they are. Pure. */
export function unapprovedIds(files: ItemFiles, { items }: Pick<BatchState, 'items'>): ReadonlySet<string> {
  return new Set(
    [...items].flatMap(([id, { frozen, rejected }]) => {
      const digest = files.get(path.posix.basename(frozen.file)) ?? null
      return digest === frozen.digest || digest === rejected ? [] : [id]
    }),
  )
}

/** Numbers of files that the batch does not have. Pure. */
export function newIds(files: ItemFiles, { items }: Pick<BatchState, 'items'>): readonly string[] {
  return [...files.keys()].flatMap((name) => {
    const id = readItemName(name)?.id
    return id === undefined || items.has(id) ? [] : [id]
  })
}
