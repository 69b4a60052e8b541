import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { belowLoops } from './below-loops.ts'
import { type Blob, type IndexNotes, type RawChange, parseIndex, parseRaw, splitNames } from './parse.ts'
import { type KnownIndex, indexKey, indexMark, keepIndex } from './index.ts'
import { recallIndex, rememberIndex } from './index-notes.ts'
import { nestedFiles } from './nested.ts'
import type { Repo } from './repo.ts'
import { runGit } from './run.ts'
import type { Shadow } from './shadow.ts'
import { isOtherWorktree } from './worktree.ts'
import type { NamedPath } from '../types.ts'

/** What git says about the work tree beside the start. Paths are relative to the root, not to the top. */
export interface Scan {
  /** Paths that may differ from the start. Nothing outside this set (and outside ignored files) differs. */
  readonly candidates: ReadonlySet<string>
  /** The start's side of candidates, where git told it; not in the map: must be asked for. */
  readonly sides: ReadonlyMap<string, Blob | null>
  /** Tracked paths that a sparse checkout left out: flagged skip-worktree and absent. */
  readonly sparse: readonly string[]
  /** Work trees inside, submodules too. */
  readonly nested: readonly string[]
  /** Other work trees of the same repository inside: not looked into. */
  readonly worktrees: readonly string[]
  /** Those that the start holds, by their names from the top. */
  readonly submodules: readonly string[]
  /** For the next scan: saves listing the whole index while it stays as it is. */
  readonly index: KnownIndex | null
}

const TRIES = 5

/**
 * Compares commit, index and work tree with four calls of git at once: index against commit (no file is touched), work tree
 * against index (lstat only), untracked files, and the index's flags. Taken again when the index changed meanwhile.
 * `onUntracked` gets the untracked files as soon as they are known, again when all is taken again.
 * Errors: those of runGit, `workspace-busy`.
 */
export async function scanGit(
  repo: Repo,
  shadow: Shadow,
  commit: string | null,
  known: KnownIndex | null,
  named: readonly NamedPath[],
  onUntracked: (paths: readonly string[]) => void,
): Promise<Result<Scan>> {
  const tree = commit ?? EMPTY_TREE[repo.format]
  const within = repo.prefix === '' ? [] : ['--', repo.prefix]
  const raw = ['--raw', '-z', '--no-abbrev', '--no-renames']
  for (let tried = 0; tried < TRIES; tried++) {
    const before = indexMark(repo)
    const key = indexKey(repo)
    const noted = known !== null && known.checksum === key ? known : recallIndex(repo, shadow.dir, key)
    const [staged, touched, others, index] = await Promise.all([
      runGit(repo, shadow, { args: ['diff-index', '--cached', ...raw, tree, ...within] }),
      runGit(repo, shadow, { args: ['diff-files', ...raw, '--ignore-submodules=all', ...within] }),
      untracked(repo, shadow, within, onUntracked),
      noted ? null : runGit(repo, shadow, { args: ['ls-files', '-z', '-v', '-s', ...within] }),
    ])
    if (!staged.ok) return staged
    if (!touched.ok) return touched
    if (!others.ok) return others
    if (index && !index.ok) return index
    if (indexMark(repo) !== before) continue
    const notes = noted ?? parseIndex(index!.value)
    const scan = await assemble(repo, shadow, {
      staged: parseRaw(staged.value),
      touched: parseRaw(touched.value),
      others: others.value,
      named,
      ...notes,
    })
    const kept = keepIndex(key, notes)
    if (!noted) rememberIndex(repo, shadow.dir, kept)
    return scan.ok ? ok({ ...scan.value, index: kept }) : scan
  }
  return fail('workspace-busy', `the git index of ${repo.top} kept changing while it was read`)
}

/** What git answered, and what evidence names. */
interface Answers extends IndexNotes {
  readonly named: readonly NamedPath[]
  readonly staged: readonly RawChange[]
  readonly touched: readonly RawChange[]
  readonly others: readonly string[]
}

export async function assemble(
  repo: Repo,
  shadow: Shadow,
  { staged, touched, others, hidden, submodules, named }: Answers,
): Promise<Result<Omit<Scan, 'index'>>> {
  const candidates = new Set<string>()
  const sides = new Map<string, Blob | null>()
  const unmerged = new Set(
    [...staged, ...touched].filter((change) => change.unmerged).map((change) => change.path),
  )
  const sparse = hidden.filter((entry) => entry.skipWorktree && !present(repo, entry.path))
  const absent = new Set(sparse.map((entry) => entry.path))

  const add = (name: string, side: Blob | null | undefined): void => {
    const [local] = localName(repo, name)
    if (local === undefined || absent.has(name)) return
    candidates.add(local)
    if (side !== undefined && !unmerged.has(name) && !sides.has(local)) sides.set(local, side)
  }
  // The commit's side comes first: only where index and commit agree does the index speak for the commit.
  for (const change of staged) add(change.path, change.before)
  for (const change of touched) add(change.path, change.before)
  for (const entry of hidden) add(entry.path, entry.side)
  const inside = others.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1))
  const worktrees = inside.filter((name) => isOtherWorktree(repo, name, named))
  const nested = [...submodules, ...inside.filter((name) => !worktrees.includes(name))]
  for (const name of others) if (!name.endsWith('/')) add(name, null)
  const unseen = await belowLoops(repo, shadow, others)
  if (!unseen.ok) return unseen
  for (const name of unseen.value) add(name, undefined)
  // Where a submodule was, a link or file may be now.
  for (const name of submodules) add(name, null)
  for (const name of nested) {
    const files = await nestedFiles(repo, shadow, name)
    if (!files.ok) return files
    for (const file of files.value) add(file, null)
  }
  return ok({
    candidates,
    sides,
    submodules,
    worktrees: worktrees.flatMap((name) => localName(repo, name)),
    nested: nested.flatMap((name) => localName(repo, name)),
    sparse: sparse
      .filter((entry) => entry.path.startsWith(repo.prefix))
      .map((entry) => entry.path.slice(repo.prefix.length)),
  })
}

/** Names from the top that git neither tracks nor ignores; the files among them are told at once, relative to the root. */
export async function untracked(
  repo: Repo,
  shadow: Shadow,
  within: readonly string[],
  onUntracked: (paths: readonly string[]) => void,
): Promise<Result<string[]>> {
  const listed = await runGit(repo, shadow, {
    args: ['ls-files', '-z', '--others', '--exclude-standard', ...within],
  })
  if (!listed.ok) return listed
  const names = splitNames(listed.value)
  onUntracked(names.filter((name) => !name.endsWith('/')).flatMap((name) => localName(repo, name)))
  return ok(names)
}

/** Relative to the root; nothing for a path outside of it. */
export function localName(repo: Repo, name: string): [] | [string] {
  return name.startsWith(repo.prefix) ? [name.slice(repo.prefix.length)] : []
}

/** The empty tree is known to git without being stored. */
export const EMPTY_TREE = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
}

function present(repo: Repo, name: string): boolean {
  try {
    return fs.lstatSync(path.join(repo.top, name), { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}
