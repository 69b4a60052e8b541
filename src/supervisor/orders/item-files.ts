import fs from 'node:fs'
import path from 'node:path'
import type { Sha256 } from '../../base/hash.ts'
import { backlogDirectory } from '../../backlog/item.ts'
import { readItemName } from '../../backlog/item-id.ts'
import { itemDigest } from '../../backlog/parse-item.ts'
import { type BacklogFiles, readBacklogFiles } from '../../backlog/read-backlog.ts'
import { isGoalBatch } from '../record/fold-goal.ts'
import type { BatchState } from '../record/state.ts'

/** What lies in a backlog by now. */
export interface ItemFiles {
  /** By the name of the file. */
  readonly digests: ReadonlyMap<string, Sha256>
  /** Names that are there and could not be read; null: the directory itself could not. Of these nothing is known. */
  readonly unread: ReadonlySet<string> | null
}

export function itemFiles(root: string): ItemFiles {
  const { texts, problems } = readBacklogFiles(root)
  return {
    digests: new Map(texts.map((one) => [one.name, itemDigest(one)])),
    unread: canBeListed(path.join(root, backlogDirectory))
      ? new Set(problems.map((one) => path.posix.basename(one.file)))
      : null,
  }
}

/**
 * The files of a backlog, and the frozen texts of items of the batch that have none any more: files of items that are done may be
 * gone, and others still come after them. Pure.
 */
export function withFrozen(
  { texts, problems }: BacklogFiles,
  { items }: Pick<BatchState, 'items'>,
): BacklogFiles {
  const there = new Set(texts.map((one) => readItemName(one.name)?.id))
  const frozen = [...items.values()].map((one) => one.frozen).filter((one) => !there.has(one.id))
  return {
    problems,
    texts: [...texts, ...frozen.map(({ file, text }) => ({ name: path.posix.basename(file), text }))],
  }
}

/** One that is gone has no files, which is known. */
function canBeListed(dir: string): boolean {
  try {
    fs.readdirSync(dir)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

/**
 * Frozen items whose files differ, with the digests by now (null: gone), but for those that a person rejected as they are. What could
 * not be read differs in nothing: a look that failed changes nothing. Pure.
 */
export function unapprovedItems(
  { digests, unread }: ItemFiles,
  { items }: Pick<BatchState, 'items'>,
): ReadonlyMap<string, Sha256 | null> {
  return new Map(
    [...items].flatMap(([id, { frozen, rejected }]): [string, Sha256 | null][] => {
      if (frozen.typed || frozen.joins !== undefined) return []
      const name = path.posix.basename(frozen.file)
      const digest = digests.get(name) ?? null
      const isKnown = digest !== null || (unread !== null && !unread.has(name))
      return !isKnown || digest === frozen.digest || digest === rejected ? [] : [[id, digest]]
    }),
  )
}

/** A backlog beside a batch that a person typed is another's. Pure. */
export function isTyped({ items }: Pick<BatchState, 'items'>): boolean {
  return [...items.values()].some(({ frozen }) => frozen.typed)
}

/** Whether its items are those of the checkout's backlog, and not a task or a goal that somebody typed. Pure. */
export const isOfBacklog = (state: Pick<BatchState, 'items'>): boolean =>
  !isTyped(state) && !isGoalBatch(state)

/** Numbers of files that the batch does not have. Pure. */
export function newIds({ digests }: ItemFiles, state: Pick<BatchState, 'items'>): readonly string[] {
  const { items } = state
  if (isTyped(state)) return []
  return [...digests.keys()].flatMap((name) => {
    const id = readItemName(name)?.id
    return id === undefined || items.has(id) ? [] : [id]
  })
}
