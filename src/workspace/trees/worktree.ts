import fs from 'node:fs'
import { namesIn } from '../../base/names-in.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { removeOwned } from '../../base/owned-directory.ts'
import { writeAdmin } from './admin.ts'
import { holdersOf } from './holds.ts'
import { marksOf, readInventory, removeInventory, writeInventory } from './inventory.ts'
import { copyLayers } from './layers.ts'
import { adminOf, checkName, placeOf, worktreesOf } from './paths.ts'
import { foundAt, settle } from './settle.ts'
import type { OwnRepository, Worktree } from './types.ts'

/**
 * Makes a worktree at a commit, with copies of what the layers in `prepared` hold. One that was begun and cut short is begun
 * anew. Codes: worktree-name, worktree-busy (there is one of that name), worktree-failed, and those of git.
 */
export async function makeWorktree(
  own: OwnRepository,
  name: string,
  commit: string,
  prepared: readonly string[] = [],
): Promise<Result<Worktree>> {
  const named = checkName(name)
  if (!named.ok) return named
  const { dir, index } = placeOf(own, name)
  if (readInventory(own, name) !== null && fs.existsSync(dir))
    return fail('worktree-busy', `there is a worktree ${name} already, in ${dir}`)
  removeOwned(dir)
  fs.rmSync(index, { force: true })
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  const copied = await copyLayers(prepared, dir)
  if (!copied.ok) return copied
  const held = await settle(own, placeOf(own, name), commit, 'keep')
  if (!held.ok) return held
  return handOut(own, name, commit, prepared, held.value.besides)
}

/** The last step of making one: from here on an agent may work in it. `there`: what it has besides the commit's files. */
export function handOut(
  own: OwnRepository,
  name: string,
  commit: string,
  prepared: readonly string[],
  there: readonly string[],
): Result<Worktree> {
  const { dir } = placeOf(own, name)
  writeAdmin(own, name, commit)
  const { dev: device, ino: inode } = fs.statSync(dir)
  writeInventory(own, { name, device, inode, commit, prepared, files: marksOf(foundAt(dir, there)) })
  return ok({ name, dir, commit })
}

/** `ours`: an agent may have worked there. `foreign`: not the directory that we made. `unfinished`: never handed out. `gone`: it is missing. */
export interface Listed {
  readonly name: string
  readonly dir: string
  readonly state: 'ours' | 'foreign' | 'unfinished' | 'gone'
}

/** Every worktree of this repository, by name. */
export function listWorktrees(own: OwnRepository): Listed[] {
  const names = new Set([
    ...namesIn(worktreesOf(own)),
    ...namesIn(`${own.data}/inventory`).map((file) => file.replace(/\.json$/, '')),
  ])
  return [...names].sort().map((name) => ({ name, dir: placeOf(own, name).dir, state: stateOf(own, name) }))
}

export function stateOf(own: OwnRepository, name: string): Listed['state'] {
  if (!fs.lstatSync(placeOf(own, name).dir, { throwIfNoEntry: false })) return 'gone'
  if (readInventory(own, name) === null) return 'unfinished'
  return isThere(own, name) && pointsBack(own, name) ? 'ours' : 'foreign'
}

/** Whether the directory is the one that was handed out, whatever is in it by now. */
export function isThere(own: OwnRepository, name: string): boolean {
  const known = readInventory(own, name)
  const stat = fs.lstatSync(placeOf(own, name).dir, { throwIfNoEntry: false })
  return (
    known !== null && stat?.isDirectory() === true && stat.dev === known.device && stat.ino === known.inode
  )
}

function pointsBack(own: OwnRepository, name: string): boolean {
  try {
    return fs.readFileSync(`${adminOf(own, name)}/gitdir`, 'utf8') === `${placeOf(own, name).dir}/.git\n`
  } catch {
    return false
  }
}

/**
 * Removes a worktree. What is in it must have been rescued. Codes: worktree-foreign, worktree-busy (a process has it in hand),
 * worktree-failed.
 */
export function removeWorktree(own: OwnRepository, name: string): Result<void> {
  const free = checkFree(own, name)
  if (!free.ok) return free
  const { dir, index } = placeOf(own, name)
  // From here on it counts as unfinished.
  removeInventory(own, name)
  removeOwned(dir)
  fs.rmSync(adminOf(own, name), { recursive: true, force: true })
  fs.rmSync(index, { force: true })
  return ok(undefined)
}

/** Codes: worktree-foreign, worktree-busy. */
export function checkFree(own: OwnRepository, name: string): Result<void> {
  const state = stateOf(own, name)
  const { dir } = placeOf(own, name)
  if (state === 'foreign')
    return fail(
      'worktree-foreign',
      `${dir} is not the worktree that was made there, so nothing in it is touched`,
    )
  const holders = state === 'gone' ? [] : holdersOf(dir)
  return holders.length === 0
    ? ok(undefined)
    : fail('worktree-busy', `${dir} is in use by process ${holders.slice(0, 5).join(', ')}`, {
        data: { pids: holders },
      })
}
