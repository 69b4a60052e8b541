import fs from 'node:fs'
import path from 'node:path'
import { makeOwned, removeOwned } from '../../base/owned-directory.ts'
import { namesIn } from '../../base/names-in.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { realPath, isWithin } from '../../base/within.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { RawChange } from '../../evidence/git/parse.ts'
import { fsPath, pathBytes } from '../../evidence/path-text.ts'
import { differencesOf } from './differences.ts'
import { gitIn } from './git.ts'
import type { Journal, LandTree } from './land-journal.ts'
import { isFrom, writeFrom } from './land-path.ts'
import { statAt } from './stat-at.ts'
import type { OwnRepository } from './types.ts'

/** A work tree that was looked at, and a copy of its index, refreshed. */
export interface Moving {
  readonly tree: LandTree
  readonly index: string
}

type Ends = Pick<Journal, 'expected' | 'head'>

/** Moves the files of one work tree, and then its index. Its lock is held. Codes: those of git. */
export async function moveFiles(
  own: OwnRepository,
  { tree, index }: Moving,
  { expected, head }: Ends,
): Promise<Result<void>> {
  const moved = await gitIn(
    own,
    { dir: tree.top, index },
    { args: ['read-tree', '-m', '-u', expected, head] },
  )
  if (!moved.ok) return moved
  putIndex(tree, index)
  return ok(undefined)
}

/**
 * Brings the files of a work tree, which may be anywhere between the two commits, to one of them; a file that was cut short while
 * it was written too. A path with any other content stands in the way, and then nothing is changed. Codes: land-refused, and those
 * of git.
 */
export async function restoreFiles(
  own: OwnRepository,
  tree: LandTree,
  { expected, head }: Ends,
  to: string,
): Promise<Result<void>> {
  const scratch = makeOwned(path.join(own.data, 'scratch'))
  try {
    const differs = await differencesOf(own, expected, head)
    if (!differs.ok) return differs
    const changes = differs.value
    const versions: string[] = []
    for (const [commit, side] of [
      [expected, 'before'],
      [head, 'after'],
    ] as const) {
      const dir = path.join(scratch, side)
      const written = await checkOut(
        own,
        dir,
        commit,
        changes.filter((change) => change[side] !== null),
      )
      if (!written.ok) return written
      versions.push(dir)
    }
    const foreign = changes.find((change) => !isFrom(tree.top, change.path, versions))
    if (foreign !== undefined)
      return fail('land-refused', `${foreign.path} is neither what it was nor what it is to become`)
    const wanted = to === head ? 'after' : 'before'
    const come = changes.filter((change) => change[wanted] !== null)
    const go = changes.filter((change) => change[wanted] === null)
    for (const { path: one } of go) removeFile(tree.top, one)
    for (const { path: one } of come) writeFrom(tree.top, one, path.join(scratch, wanted))
    return await renewIndex(own, tree, to, path.join(scratch, 'index'))
  } catch (error) {
    return fail('land-refused', `${tree.top}: ${systemWords(error)}`)
  } finally {
    removeOwned(scratch)
  }
}

/** As git would write these files, through the person's line ends. */
async function checkOut(
  own: OwnRepository,
  dir: string,
  commit: string,
  changes: readonly RawChange[],
): Promise<Result<void>> {
  fs.mkdirSync(dir, { recursive: true })
  const place = { dir, index: `${dir}.index` }
  const read = await gitIn(own, place, { args: ['read-tree', commit] })
  if (!read.ok) return read
  const input = Buffer.concat(
    changes.map(({ path: one }) => Buffer.concat([pathBytes(one), Buffer.from([0])])),
  )
  const written = await gitIn(own, place, { args: ['checkout-index', '-f', '-z', '--stdin'], input })
  return written.ok ? ok(undefined) : written
}

function removeFile(top: string, one: string): void {
  if (!isWithin(realPath(path.dirname(String(fsPath(top, one)))), realPath(top))) return
  const stat = statAt(top, one)
  // A directory may have come in its place.
  if (stat === undefined || stat.isDirectory()) return
  fs.unlinkSync(fsPath(top, one))
  // As git does, with the directories that hold nothing then.
  for (let dir = path.posix.dirname(one); dir !== '.'; dir = path.posix.dirname(dir))
    try {
      fs.rmdirSync(fsPath(top, dir))
    } catch {
      return
    }
}

async function renewIndex(
  own: OwnRepository,
  tree: LandTree,
  to: string,
  index: string,
): Promise<Result<void>> {
  copyIndex(tree, index)
  const place = { dir: tree.top, index }
  const read = await gitIn(own, place, { args: ['read-tree', '--reset', to] })
  if (!read.ok) return read
  const fresh = await gitIn(own, place, {
    args: ['update-index', '-q', '--ignore-submodules', '--refresh'],
    accept: [1],
  })
  if (!fresh.ok) return fresh
  putIndex(tree, index)
  return ok(undefined)
}

function putIndex({ gitDir }: LandTree, index: string): void {
  const file = path.join(gitDir, 'index')
  const mode = fs.statSync(file, { throwIfNoEntry: false })?.mode ?? 0o644
  writeFileWhole(file, fs.readFileSync(index), mode & 0o777)
}

/** A copy of the index of a work tree that git can read: what a split index rests on is looked for beside it. False: there is none. */
export function copyIndex({ gitDir }: LandTree, to: string): boolean {
  const index = path.join(gitDir, 'index')
  if (!fs.existsSync(index)) return false
  fs.copyFileSync(index, to)
  for (const name of namesIn(gitDir))
    if (name.startsWith('sharedindex.'))
      fs.copyFileSync(path.join(gitDir, name), path.join(path.dirname(to), name))
  return true
}
