import fs from 'node:fs'
import { systemWords } from '../../base/system-words.ts'
import { errno } from '../../base/read-file.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { type Inventory, marksOf, readInventory, removeInventory, writeInventory } from './inventory.ts'
import { copyFromLayers, copyLayers } from './layers.ts'
import { writeAdmin } from './admin.ts'
import { adminOf, placeOf } from './paths.ts'
import { removeAt } from './remove.ts'
import { type Settled, foundAt, settle } from './settle.ts'
import type { OwnRepository, Worktree } from './types.ts'
import type { Found } from './walk-tree.ts'
import { checkFree, handOut, makeWorktree, stateOf } from './worktree.ts'

export interface ReuseOptions {
  /** What git ignores stays as the last attempt left it. */
  readonly sameItem: boolean
  readonly prepared: readonly string[]
}

/**
 * Sets a worktree to a commit. What was in it must have been rescued. For another item it gets another name, and what git ignores
 * is brought back to what was prepared. One that is missing is made. Codes: worktree-busy (a process has it in hand),
 * worktree-foreign (not the directory that we made), worktree-failed, and those of git.
 */
export async function reuseWorktree(
  own: OwnRepository,
  name: string,
  commit: string,
  { sameItem, prepared }: ReuseOptions,
): Promise<Result<Worktree>> {
  const free = checkFree(own, name)
  if (!free.ok) return free
  const known = readInventory(own, name)
  if (known === null || stateOf(own, name) !== 'ours') return makeWorktree(own, name, commit, prepared)
  if (sameItem) {
    const held = await settle(own, placeOf(own, name), commit, 'keep')
    if (!held.ok) return held
    // What was prepared is still known as it was: the next item is to find it so.
    writeAdmin(own, name, commit)
    writeInventory(own, { ...known, commit })
    return ok({ name, dir: placeOf(own, name).dir, commit })
  }
  const renamed = rename(own, known)
  const held = await settle(own, placeOf(own, renamed), commit, 'keep')
  if (!held.ok) return held
  const there = await restore(own, { ...known, name: renamed, commit }, held.value, prepared)
  return there.ok ? handOut(own, renamed, commit, prepared, there.value) : there
}

/** Until it is handed out again it counts as unfinished. */
function rename(own: OwnRepository, { name }: Inventory): string {
  const stem = name.replace(/-\d+$/, '')
  let nth = 2
  while (stateOf(own, `${stem}-${nth}`) !== 'gone' || readInventory(own, `${stem}-${nth}`) !== null) nth += 1
  const renamed = `${stem}-${nth}`
  removeInventory(own, name)
  fs.rmSync(adminOf(own, name), { recursive: true, force: true })
  const [from, to] = [placeOf(own, name), placeOf(own, renamed)]
  fs.renameSync(from.dir, to.dir)
  if (fs.existsSync(from.index)) fs.renameSync(from.index, to.index)
  return renamed
}

/** What is not the commit's becomes what was prepared: a file that is still the very same one stays. Gives where it may lie. */
async function restore(
  own: OwnRepository,
  known: Inventory,
  { held, besides }: Settled,
  prepared: readonly string[],
): Promise<Result<readonly string[]>> {
  const place = placeOf(own, known.name)
  const isSame =
    prepared.length === known.prepared.length && prepared.every((one, at) => one === known.prepared[at])
  try {
    const found = foundAt(place.dir, besides)
    const files = marksOf(found)
    for (const [file, mark] of Object.entries(files))
      if (!isSame || known.files[file] !== mark) removeAt(place.dir, file)
    if (isSame)
      for (const [file, mark] of Object.entries(known.files))
        if (files[file] !== mark && !held.has(file)) copyFromLayers(prepared, place.dir, file)
    removeEmpty(place.dir, found, isSame ? prepared : [])
  } catch (error) {
    if (errno(error) === 'unknown') throw error
    return fail('worktree-failed', `${place.dir} could not be brought back: ${systemWords(error)}`)
  }
  if (isSame) return ok([...besides, ...Object.keys(known.files).filter((file) => !held.has(file))])
  const copied = await copyLayers(prepared, place.dir)
  if (!copied.ok) return copied
  // The commit's files win over those of a layer.
  const set = await settle(own, place, known.commit, 'keep')
  return set.ok ? ok(set.value.besides) : set
}

/** Directories that an agent made and that hold nothing any more. */
function removeEmpty(dir: string, found: ReadonlyMap<string, Found>, prepared: readonly string[]): void {
  for (const [one, { kind }] of [...found].toReversed()) {
    if (kind !== 'directory') continue
    if (prepared.some((layer) => fs.existsSync(fsPath(layer, one)))) continue
    try {
      fs.rmdirSync(fsPath(dir, one))
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(errno(error))) throw error
    }
  }
}
