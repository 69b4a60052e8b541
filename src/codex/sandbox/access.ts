import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { isWithin, realPath } from '../../base/within.ts'

export interface AccessRequest {
  readonly codexBin: string
  /** Absolute, links resolved. */
  readonly root: string
  readonly writable: readonly string[]
  readonly protectedDirs: readonly string[]
  /** Not even read: files and directories; those that are there. */
  readonly hidden?: readonly string[]
  /** HOME and TMPDIR are looked at. */
  readonly env: Readonly<Record<string, string>>
}

/** What the sandbox grants besides its root and the temp directory: absolute path, links resolved → right. */
export type Access = ReadonlyMap<string, 'write' | 'read' | 'none'>

/** What Codex makes read-only at a writable root anyway; never opened up again. */
const ALWAYS_READ_ONLY = new Set(['.git', '.codex', '.agents', '.aws'])

/**
 * Works out the rights of a gate and refuses what would let it reach the controller. Failures: `sandbox-path`,
 * `sandbox-unsafe`.
 */
export function sandboxAccess(request: AccessRequest): Result<Access> {
  const protectedDirs = request.protectedDirs.map(realPath)
  const extra = writableDirs(request)
  const tmpDirs = ['/tmp', request.env['TMPDIR'] ?? '/tmp'].map(realPath)
  const open = [request.root, ...tmpDirs, ...extra]
  const access = new Map<string, 'write' | 'read' | 'none'>(named(extra).map((dir) => [dir, 'write']))
  for (const dir of protectedDirs)
    for (const [each, right] of guard(dir, open, protectedDirs)) access.set(each, right)
  for (const one of request.hidden ?? []) if (fs.existsSync(one)) access.set(realPath(one), 'none')
  for (const check of [
    checkReach(request, open, extra, protectedDirs),
    checkLinks(request.protectedDirs, open),
    checkSayable([...access.keys()]),
  ])
    if (!check.ok) return check
  return ok(access)
}

/** Codex mounts five things for each directory that is named, some 4 ms: those that another one opens anyway are left out. */
function named(dirs: readonly string[]): string[] {
  const holds = (dir: string): boolean =>
    [...ALWAYS_READ_ONLY].some((name) => fs.existsSync(path.join(dir, name)))
  const opens = (outer: string, dir: string): boolean =>
    outer !== dir &&
    isWithin(dir, outer) &&
    !path
      .relative(outer, dir)
      .split(path.sep)
      .some((name) => ALWAYS_READ_ONLY.has(name))
  return dirs.filter((dir) => holds(dir) || !dirs.some((outer) => opens(outer, dir)))
}

/**
 * A read-only directory below a writable one can be moved away together with its parent and be replaced. A mount
 * point cannot be renamed, so every directory on the way is named and thereby mounted as well.
 */
function guard(
  dir: string,
  open: readonly string[],
  protectedDirs: readonly string[],
): [string, 'write' | 'read'][] {
  const around = open.filter((each) => isWithin(dir, each))
  const entries: [string, 'write' | 'read'][] = [[dir, 'read']]
  for (const outer of around) {
    const names = path.relative(outer, dir).split(path.sep)
    for (let depth = 1; depth < names.length; depth++) {
      const between = path.join(outer, ...names.slice(0, depth))
      if (protectedDirs.some((each) => isWithin(between, each))) continue
      const closed = names.slice(0, depth).some((name) => ALWAYS_READ_ONLY.has(name))
      entries.push([between, closed ? 'read' : 'write'])
    }
  }
  return around.length > 0 || isSayable(dir) ? entries : []
}

/** Absolute, links resolved; those that are there. */
export function writableDirs(request: Pick<AccessRequest, 'writable' | 'env'>): string[] {
  const home = request.env['HOME'] ?? ''
  return request.writable
    .map((dir) => (dir === '~' || dir.startsWith('~/') ? path.join(home, dir.slice(1)) : dir))
    .filter((dir) => path.isAbsolute(dir) && fs.existsSync(dir))
    .map(realPath)
}

/** Codex reads * ? [ ] as a pattern, and drops tabs and line ends from a path: another directory would be meant. */
const isSayable = (dir: string): boolean => !/[*?[\]\t\n\r]/.test(dir)

function checkSayable(dirs: readonly string[]): Result<null> {
  const bad = dirs.find((dir) => !isSayable(dir))
  if (bad === undefined) return ok(null)
  return fail('sandbox-path', `Codex's sandbox would not take ${JSON.stringify(bad)} as it is`, {
    fix: 'use a path without * ? [ ], tabs and line ends',
  })
}

/**
 * The desktop client keeps its worktrees below CODEX_HOME. One of them may be written, its surroundings stay as they are:
 * the entry of the directory around it says `read`, and the root is the more particular one.
 */
function isWorktree(root: string, codexHome: string): boolean {
  return root !== path.join(codexHome, 'worktrees') && isWithin(root, path.join(codexHome, 'worktrees'))
}

function checkReach(
  request: AccessRequest,
  open: readonly string[],
  extra: readonly string[],
  protectedDirs: readonly string[],
): Result<null> {
  const inside = [request.root, ...extra].find((dir) =>
    protectedDirs.some((each) => isWithin(dir, each) && !(dir === request.root && isWorktree(dir, each))),
  )
  if (inside !== undefined)
    return fail('sandbox-unsafe', `${inside} would be writable for gates, but it belongs to the controller`, {
      fix: 'remove it from `writable`, or move the repository out of CODEX_HOME',
    })
  if (extra.includes('/'))
    return fail('sandbox-unsafe', 'a gate that may write / has no sandbox left', {
      fix: 'name the directories it really writes',
    })
  const codex = realPath(request.codexBin)
  if (open.some((dir) => isWithin(codex, dir)))
    return fail('sandbox-unsafe', `codex itself (${codex}) lies where gates and agents write`, {
      fix: 'install Codex outside the workspace and the temp directory',
    })
  return ok(null)
}

/** A protected directory reached over a link that can be replaced would be protected in name only. */
function checkLinks(protectedDirs: readonly string[], open: readonly string[]): Result<null> {
  for (const dir of protectedDirs.map((each) => path.resolve(each))) {
    for (let at = dir; at !== path.dirname(at); at = path.dirname(at)) {
      const link = path.join(realPath(path.dirname(at)), path.basename(at))
      if (isLink(link) && open.some((each) => isWithin(link, each)))
        return fail('sandbox-unsafe', `${dir} is reached over the link ${link}, which gates could replace`, {
          fix: 'set CODEX_HOME or AUTONOMOUS_LOOP_HOME to the real directory',
        })
    }
  }
  return ok(null)
}

function isLink(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}
