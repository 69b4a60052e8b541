import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { errno, readTextSafe } from '../../base/read-file.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import type { Refs } from '../../evidence/types.ts'
import { type ObjectNames, packNames } from './pack-names.ts'
import type { RoomGit } from './room-git.ts'

/** Branches that gates compare with. Others may hold quite another tree, and reading all of them takes its time. */
const MAIN = /^refs\/(?:heads|remotes\/[^/]+)\/(?:HEAD|main|master|trunk|develop)$/

export function mainBranches({ list }: Refs): string[] {
  return list.flatMap(([name, oid]) => (MAIN.test(name) ? [oid] : []))
}

/** A pack of what these commits hold, made from content: whatever lay under another's name is missing in it. Gives the names in it. */
export function packAnew(run: RoomGit, dir: string, commits: readonly string[]): Result<ObjectNames> {
  return packListed(run, dir, ['--no-walk', ...commits])
}

/** A pack of what these revisions tell of. Gives the names in it. */
export function packListed(run: RoomGit, dir: string, revisions: readonly string[]): Result<ObjectNames> {
  const walk = ['--objects', '--no-object-names', '--missing=print', '--ignore-missing']
  const listed = run(['rev-list', ...walk, ...revisions])
  if (!listed.ok) return fail('room-objects', listed.error.message, FSCK)
  const names = listed.value.toString('latin1').trim().split('\n')
  // Missing ones begin with a question mark: a partial clone has not fetched them.
  const present = names.filter((name) => !name.startsWith('?'))
  const file = path.join(dir, 'objects', 'pack', 'new')
  const taken = throughFile(run, file, Buffer.from(`${present.join('\n')}\n`))
  fs.rmSync(file, { force: true })
  if (!taken.ok) return fail('room-objects', taken.error.message, FSCK)
  const pack = taken.value.toString('latin1').trim().split(/\s/).at(-1) ?? ''
  const held = packNames(path.join(dir, 'objects', 'pack', `pack-${pack}.idx`), formatOf(pack))
  const lacks = present.find((name) => !held.has(name))
  return lacks === undefined
    ? ok(held)
    : fail('room-objects', `the object ${lacks} in git's store is not what its name says`, FSCK)
}

const formatOf = (pack: string): 'sha1' | 'sha256' => (pack.length === 40 ? 'sha1' : 'sha256')

/** A pack of these objects, read back. It may be larger than memory. */
function throughFile(run: RoomGit, file: string, names: Buffer): Result<Buffer> {
  const to = fs.openSync(file, 'wx')
  try {
    // No better way to pack is looked for: that takes minutes in a large repository.
    const packed = run(['pack-objects', '--stdout', '-q', '--window=0'], { input: names, to })
    if (!packed.ok) return packed
  } finally {
    fs.closeSync(to)
  }
  const from = fs.openSync(file, 'r')
  try {
    return run(['index-pack', '--stdin'], { from })
  } finally {
    fs.closeSync(from)
  }
}

const FSCK = { fix: 'git fsck   (it names what is damaged; a fresh clone mends it)' }

/** With those that it borrows from. */
export function objectDirectories(first: string): string[] {
  const found: string[] = []
  const queue = [first]
  for (let dir = queue.shift(); dir !== undefined && found.length < 10; dir = queue.shift()) {
    if (found.includes(dir)) continue
    found.push(dir)
    const read = readTextSafe(path.join(dir, 'info', 'alternates'), { maxBytes: 1 << 16 })
    if (!read.ok) continue
    for (const line of read.value.split('\n')) if (line !== '') queue.push(path.resolve(dir, line))
  }
  return found
}

/** Objects in a file each are left out where they are `held` already: there may be a hundred thousand. */
export function linkObjects(from: string, to: string, held: ObjectNames): void {
  for (const name of namesIn(from)) {
    if (name !== 'pack' && !/^[0-9a-f]{2}$/.test(name)) continue
    fs.mkdirSync(path.join(to, name), { recursive: true })
    const there = new Set(namesIn(path.join(to, name)))
    for (const file of namesIn(path.join(from, name)))
      if (
        /^(?:pack-[0-9a-f]{40,64}\.(?:pack|idx|rev)|[0-9a-f]{38,62})$/.test(file) &&
        !there.has(file) &&
        !held.has(name + file)
      )
        linkOrCopy(path.join(from, name, file), path.join(to, name, file))
  }
}

function linkOrCopy(file: string, target: string): void {
  if (fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return
  try {
    fs.linkSync(file, target)
  } catch (error) {
    // Borrowed from two places: the file that is there is the person's own.
    if (errno(error) === 'EEXIST') return
    // Another file system.
    fs.copyFileSync(file, target, fs.constants.COPYFILE_EXCL)
  }
}
