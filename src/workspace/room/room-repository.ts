import fs from 'node:fs'
import path from 'node:path'
import { type Result, ok } from '../../base/result.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { splitNul } from '../../evidence/git/parse.ts'
import { pathBytes } from '../../evidence/path-text.ts'
import type { Repo } from '../../evidence/git/repo.ts'
import type { GitSettings, Refs } from '../../evidence/types.ts'
import { type RoomGit, roomGit } from './room-git.ts'
import type { IndexStat } from './index-file.ts'
import { type CommitDifference, type RoomIndex, renewEntries, writeRoomIndex } from './room-index.ts'
import { linkObjects, mainBranches, objectDirectories, packAnew } from './room-objects.ts'

export interface RoomRepository {
  readonly git: string
  /** The person's, of which objects are taken and nothing else. */
  readonly repo: Repo
  /** Commit that the work began from; null before the first. */
  readonly commit: string | null
  readonly settings: GitSettings
  /** As at the start. */
  readonly refs: Refs
  readonly timeoutMs: number
}

/** What is known of the files of a room beside the commit; see `writeRoomIndex`. */
export interface Committed extends Pick<RoomIndex, 'leftOut'> {
  /** Whether git had this object for it at the start. */
  readonly wasTracked: (file: string, oid: string) => boolean
  /** Nothing is known to differ from what git had. */
  readonly isUnchanged: (file: string) => boolean
  /** As at the start, with other bytes than the commit's: an edit from before, or what a filter made. */
  readonly unsure: readonly string[]
}

/**
 * Makes `.git` in a room: a repository of ours with the objects of the person's (by hard links, so that nobody's clean-up
 * takes one away), the refs of the start, and HEAD at the commit the work began from. What that
 * holds, and what main branches hold, is packed anew, by which every object gets the name of what it really holds. The index is still missing.
 * Codes: room-objects (they are not what their names say, or missing), room-git.
 */
export function makeRepository(room: string, from: RoomRepository): Result<void> {
  const dir = path.join(room, '.git')
  fs.mkdirSync(path.join(dir, 'objects', 'pack'), { recursive: true })
  fs.mkdirSync(path.join(dir, 'info'))
  fs.mkdirSync(path.join(dir, 'refs', 'heads'), { recursive: true })
  fs.writeFileSync(path.join(dir, 'config'), configOf(from))
  writeStanding(dir, from)
  const theirs = objectDirectories(path.join(from.repo.commonDir, 'objects'))
  const commits = from.commit === null ? [] : [from.commit, ...mainBranches(from.refs)]
  const packed =
    commits.length === 0 ? ok(new Set<string>()) : packAnew(roomGit(from, room, theirs), dir, commits)
  if (!packed.ok) return packed
  // Git looks for an object among those of `objects` first: what the commit holds is never taken from files that an agent may
  // still write to, whatever they say of their age.
  for (const objects of theirs) linkObjects(objects, path.join(dir, HISTORY), packed.value)
  fs.mkdirSync(path.join(dir, 'objects', 'info'), { recursive: true })
  fs.writeFileSync(path.join(dir, 'objects', 'info', 'alternates'), `../${HISTORY}\n`)
  return ok(undefined)
}

/** Of `.git`: the person's objects. */
export const HISTORY = 'history'

/** Where it stands, and what else is of one start. */
export function writeStanding(dir: string, from: RoomRepository): void {
  fs.writeFileSync(path.join(dir, 'info', 'exclude'), `${from.settings.excludes}\n`)
  fs.writeFileSync(path.join(dir, 'HEAD'), headOf(from))
  fs.writeFileSync(path.join(dir, 'packed-refs'), packedRefs(from.refs))
  const shallow = readTextSafe(path.join(from.repo.commonDir, 'shallow'), { maxBytes: 1 << 26 })
  if (shallow.ok) fs.writeFileSync(path.join(dir, 'shallow'), shallow.value)
}

/** Makes the index of a room that was filled: which files hold what the commit holds, the others being uncommitted changes. Code: room-git. */
export function makeIndex(
  room: string,
  from: RoomRepository,
  committed: Committed,
  stats: ReadonlyMap<string, IndexStat>,
): Result<void> {
  if (from.commit === null) return ok(undefined)
  const listed = roomGit(from, room)(['ls-tree', '-r', '-z', '--full-tree', from.commit])
  if (!listed.ok) return listed
  const index = indexOf(room, from, committed)
  if (!index.ok) return index
  writeRoomIndex(index.value, listed.value, stats)
  return ok(undefined)
}

/**
 * Makes it say so again of these files, and of all that a filter may have written. `moved`: what another commit holds than the one that
 * it was made of. Code: room-git.
 */
export function renewIndex(
  room: string,
  from: RoomRepository,
  committed: Committed,
  files: Iterable<string>,
  moved: CommitDifference = new Map(),
): Result<void> {
  if (from.commit === null) return ok(undefined)
  const index = indexOf(room, from, committed)
  if (!index.ok) return index
  renewEntries(index.value, new Set([...files, ...committed.unsure]), moved)
  return ok(undefined)
}

function indexOf(room: string, from: RoomRepository, committed: Committed): Result<RoomIndex> {
  const filtered = filteredAmong(roomGit(from, room), committed.unsure)
  if (!filtered.ok) return filtered
  return ok({
    room,
    format: from.repo.format,
    leftOut: committed.leftOut,
    isAsCommitted: (file, oid) =>
      committed.wasTracked(file, oid) && (committed.isUnchanged(file) || filtered.value.has(file)),
  })
}

/** Those that git stores through a filter: what it would store of them now, only the filter could tell. */
function filteredAmong(run: RoomGit, files: readonly string[]): Result<ReadonlySet<string>> {
  if (files.length === 0) return ok(new Set())
  const input = Buffer.concat(files.map((file) => Buffer.concat([pathBytes(file), Buffer.from([0])])))
  const said = run(['check-attr', '-z', '--stdin', 'filter'], { input })
  if (!said.ok) return said
  const fields = splitNul(said.value)
  const isFiltered = (at: number): boolean => !/^(?:unspecified|unset)$/.test(String(fields[at * 3 + 2]))
  return ok(new Set(files.filter((_file, at) => isFiltered(at))))
}

export function configOf({ repo, settings }: RoomRepository): string {
  const sha256 = repo.format === 'sha256'
  return [
    '[core]',
    `\trepositoryformatversion = ${sha256 ? 1 : 0}`,
    '\tbare = false',
    '\tlogallrefupdates = false',
    // What else a stat says is another one through the layer of a gate.
    '\ttrustctime = false',
    '\tcheckstat = minimal',
    ...(settings.autocrlf === null ? [] : [`\tautocrlf = ${settings.autocrlf}`]),
    ...(settings.eol === null ? [] : [`\teol = ${settings.eol}`]),
    ...(sha256 ? ['[extensions]', '\tobjectFormat = sha256'] : []),
    '',
  ].join('\n')
}

/** On its branch only where that stood at the commit. */
function headOf({ commit, refs: { head, list } }: RoomRepository): string {
  const stood =
    head !== null && (commit === null || list.some(([name, oid]) => name === head && oid === commit))
  return stood || commit === null ? `ref: ${head ?? 'refs/heads/main'}\n` : `${commit}\n`
}

function packedRefs({ list }: Refs): string {
  return list.map(([name, oid]) => `${oid} ${name}\n`).join('')
}
