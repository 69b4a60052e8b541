import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { namesIn } from '../../base/names-in.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { splitNul } from '../../evidence/git/parse.ts'
import { pathBytes } from '../../evidence/path-text.ts'
import type { Repo } from '../../evidence/git/repo.ts'
import type { GitSettings, Refs } from '../../evidence/types.ts'
import { type RoomIndex, writeRoomIndex } from './room-index.ts'

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
export interface Committed extends Pick<RoomIndex, 'isAsCommitted' | 'leftOut'> {
  /** As at the start, with other bytes than the commit's: an edit from before, or what a filter made. */
  readonly unsure: readonly string[]
}

/**
 * Makes `.git` in a filled room: a repository of ours with the objects of the person's (by hard links, so that nobody's clean-up
 * takes one away), the refs of the start, HEAD at the commit the work began from, and what the room holds as uncommitted
 * changes. What the commit holds is packed anew, by which every object gets the name of what it really holds.
 * Codes: room-objects (they are not what their names say, or missing), room-git.
 */
export function makeRepository(room: string, from: RoomRepository, committed: Committed): Result<void> {
  const dir = path.join(room, '.git')
  fs.mkdirSync(path.join(dir, 'objects', 'pack'), { recursive: true })
  fs.mkdirSync(path.join(dir, 'info'))
  fs.mkdirSync(path.join(dir, 'refs', 'heads'), { recursive: true })
  fs.writeFileSync(path.join(dir, 'config'), configOf(from))
  fs.writeFileSync(path.join(dir, 'info', 'exclude'), `${from.settings.excludes}\n`)
  fs.writeFileSync(path.join(dir, 'HEAD'), headOf(from))
  fs.writeFileSync(path.join(dir, 'packed-refs'), packedRefs(from.refs))
  for (const objects of objectDirectories(path.join(from.repo.commonDir, 'objects')))
    linkObjects(objects, path.join(dir, 'objects'))
  const shallow = readTextSafe(path.join(from.repo.commonDir, 'shallow'), { maxBytes: 1 << 26 })
  if (shallow.ok) fs.writeFileSync(path.join(dir, 'shallow'), shallow.value)
  if (from.commit === null) return ok(undefined)
  const packed = packAnew(gitOf(from, room), dir, from.commit)
  return packed.ok ? renewIndex(room, from, committed) : packed
}

/** Makes the index of a room say again which files hold what the commit holds. Code: room-git. */
export function renewIndex(room: string, from: RoomRepository, committed: Committed): Result<void> {
  if (from.commit === null) return ok(undefined)
  const run = gitOf(from, room)
  const listed = run(['ls-tree', '-r', '-z', '--full-tree', from.commit])
  if (!listed.ok) return listed
  const filtered = filteredAmong(run, committed.unsure)
  if (!filtered.ok) return filtered
  writeRoomIndex({
    room,
    format: from.repo.format,
    listed: listed.value,
    leftOut: committed.leftOut,
    isAsCommitted: (file) => filtered.value.has(file) || committed.isAsCommitted(file),
  })
  return ok(undefined)
}

/** Those that git stores through a filter: what it would store of them now, only the filter could tell. */
function filteredAmong(run: Git, files: readonly string[]): Result<ReadonlySet<string>> {
  if (files.length === 0) return ok(new Set())
  const input = Buffer.concat(files.map((file) => Buffer.concat([pathBytes(file), Buffer.from([0])])))
  const said = run(['check-attr', '-z', '--stdin', 'filter'], { input })
  if (!said.ok) return said
  const fields = splitNul(said.value)
  const isFiltered = (at: number): boolean => !/^(?:unspecified|unset)$/.test(String(fields[at * 3 + 2]))
  return ok(new Set(files.filter((_file, at) => isFiltered(at))))
}

type Git = (
  args: readonly string[],
  options?: { readonly input?: Buffer; readonly accept?: readonly number[] },
) => Result<Buffer>

/** No settings but those in the room, nothing fetched, nothing run. */
function gitOf({ git, timeoutMs }: RoomRepository, room: string): Git {
  return (args, { input, accept = [0] } = {}) => {
    const run = spawnSync(git, ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', ...args], {
      cwd: room,
      env: {
        PATH: '/usr/bin:/bin',
        LC_ALL: 'C',
        HOME: '/nonexistent',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_ATTR_NOSYSTEM: '1',
        GIT_NO_REPLACE_OBJECTS: '1',
        GIT_NO_LAZY_FETCH: '1',
        GIT_ALLOW_PROTOCOL: '',
        GIT_TERMINAL_PROMPT: '0',
        GIT_DIR: path.join(room, '.git'),
        GIT_WORK_TREE: room,
      },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 30,
      ...(input === undefined ? {} : { input }),
    })
    if (run.status !== null && accept.includes(run.status)) return ok(run.stdout)
    const said = run.error?.message ?? run.stderr.toString('utf8').trim().slice(0, 500)
    return fail('room-git', `git ${args[0]} failed in the clean room: ${said}`)
  }
}

/** A pack of what the commit holds, made from content: whatever lay under another's name is missing in it. */
function packAnew(run: Git, dir: string, commit: string): Result<void> {
  const listed = run(['rev-list', '--objects', '--no-object-names', '--no-walk', '--missing=print', commit])
  if (!listed.ok) return fail('room-objects', listed.error.message, FSCK)
  const names = listed.value.toString('latin1').trim().split('\n')
  // Missing ones begin with a question mark: a partial clone has not fetched them.
  const present = names.filter((name) => !name.startsWith('?'))
  const packed = run(['pack-objects', '--stdout', '-q'], { input: Buffer.from(`${present.join('\n')}\n`) })
  if (!packed.ok) return fail('room-objects', packed.error.message, FSCK)
  const taken = run(['index-pack', '--stdin'], { input: packed.value })
  if (!taken.ok) return fail('room-objects', taken.error.message, FSCK)
  const pack = taken.value.toString('latin1').trim().split(/\s/).at(-1) ?? ''
  const index = fs.readFileSync(path.join(dir, 'objects', 'pack', `pack-${pack}.idx`))
  const shown = run(['show-index'], { input: index })
  if (!shown.ok) return shown
  const held = new Set(
    shown.value
      .toString('latin1')
      .split('\n')
      .map((line) => line.split(' ')[1]),
  )
  const lacks = present.find((name) => !held.has(name))
  return lacks === undefined
    ? ok(undefined)
    : fail('room-objects', `the object ${lacks} in git's store is not what its name says`, FSCK)
}

const FSCK = { fix: 'git fsck   (it names what is damaged; a fresh clone mends it)' }

function configOf({ repo, settings }: RoomRepository): string {
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

/** With those that it borrows from. */
function objectDirectories(first: string): string[] {
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

function linkObjects(from: string, to: string): void {
  for (const name of namesIn(from)) {
    if (name !== 'pack' && !/^[0-9a-f]{2}$/.test(name)) continue
    fs.mkdirSync(path.join(to, name), { recursive: true })
    for (const file of namesIn(path.join(from, name)))
      if (/^(?:pack-[0-9a-f]{40,64}\.(?:pack|idx|rev)|[0-9a-f]{38,62})$/.test(file))
        linkOrCopy(path.join(from, name, file), path.join(to, name, file))
  }
}

/** Of a pack that says it is younger than ours, git would believe the objects first. */
function linkOrCopy(file: string, target: string): void {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false })
  if (stat?.isFile() !== true) return
  try {
    if (stat.mtimeMs < Date.now() - 2000) {
      fs.linkSync(file, target)
      return
    }
  } catch {
    // Another file system.
  }
  fs.copyFileSync(file, target)
  fs.utimesSync(target, 1, 1)
}
