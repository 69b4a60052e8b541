import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { OwnRepository } from './types.ts'
import type { Found } from './walk-tree.ts'

/** What we know of a worktree. It is written last, so a worktree without it was never handed out. */
export interface Inventory {
  readonly name: string
  /** Of the directory: a copy has another. */
  readonly device: number
  readonly inode: number
  /** That it was last set to. */
  readonly commit: string
  /** The layers that were copied in. */
  readonly prepared: readonly string[]
  /** What is there besides the commit's files: path → how the kernel tells it from any other and any later one. */
  readonly files: Readonly<Record<string, string>>
}

const fileOf = (own: OwnRepository, name: string): string => path.join(own.data, 'inventory', `${name}.json`)

/** Null where there is none. A broken one is of no directory, so that nothing in its worktree is touched. */
export function readInventory(own: OwnRepository, name: string): Inventory | null {
  const read = readTextSafe(fileOf(own, name), { maxBytes: 1 << 29 })
  if (!read.ok) return null
  try {
    return JSON.parse(read.value) as Inventory
  } catch {
    return { name, device: -1, inode: -1, commit: '', prepared: [], files: {} }
  }
}

/** Throws what the file system says. */
export function writeInventory(own: OwnRepository, inventory: Inventory): void {
  const file = fileOf(own, inventory.name)
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  writeFileWhole(file, JSON.stringify(inventory))
}

export function removeInventory(own: OwnRepository, name: string): void {
  fs.rmSync(fileOf(own, name), { force: true })
}

/** No two files have the same one, and no program can give a changed file its old one back. */
export function markOf({ stat }: Found): string {
  return `${stat.ino} ${stat.ctimeNs}`
}

/** Of the files and links among these and below them. */
export function marksOf(found: ReadonlyMap<string, Found>): Record<string, string> {
  return Object.fromEntries(
    [...found].flatMap(([one, there]): [string, string][] =>
      there.kind === 'directory' ? [] : [[one, markOf(there)]],
    ),
  )
}
