import fs from 'node:fs'
import path from 'node:path'
import { isDirectory } from '../../base/file-kind.ts'
import { namesIn } from '../../base/names-in.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { type Result, ok } from '../../base/result.ts'
import { zeroOf } from './entries.ts'
import { gitPersonRefs } from './git.ts'
import type { OwnRepository } from './types.ts'

/** A work tree of the person's repository. */
export interface PersonTree {
  readonly gitDir: string
  /** Null: there are no files, because it is bare or its directory is away. */
  readonly top: string | null
  /** The branch that its HEAD names; null: it names a commit. */
  readonly branch: string | null
  /** Branches that something in progress will move or come back to. */
  readonly held: readonly string[]
  /** What is in progress, in words; null: nothing. */
  readonly busy: string | null
}

const SMALL = { maxBytes: 1 << 16 }

/** All work trees of the person's repository. Files are read; no git runs. */
export function personTrees({ person: { commonDir, gitDir, top } }: OwnRepository): PersonTree[] {
  const main =
    path.basename(commonDir) === '.git' ? path.dirname(commonDir) : gitDir === commonDir ? top : null
  const linked = namesIn(path.join(commonDir, 'worktrees')).map((name) => {
    const dir = path.join(commonDir, 'worktrees', name)
    const pointer = textOf(path.join(dir, 'gitdir'))
    return treeAt(dir, pointer === null ? null : path.dirname(path.resolve(dir, pointer)))
  })
  return [treeAt(commonDir, main), ...linked]
}

function treeAt(gitDir: string, top: string | null): PersonTree {
  const names = ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START'].map((file) =>
    textOf(path.join(gitDir, file)),
  )
  const progress = IN_PROGRESS.find(([file]) => fs.existsSync(path.join(gitDir, file)))
  return {
    gitDir,
    top: top !== null && isDirectory(top) ? top : null,
    branch: branchIn(/^ref:\s*(.*)$/.exec(textOf(path.join(gitDir, 'HEAD')) ?? '')?.[1] ?? ''),
    held: names.flatMap((name) => (name === null ? [] : [branchIn(name) ?? name])),
    busy: progress?.[1] ?? null,
  }
}

const IN_PROGRESS = [
  ['MERGE_HEAD', 'a merge'],
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
  ['sequencer', 'a cherry-pick or revert'],
  ['BISECT_LOG', 'a bisect'],
] as const

function branchIn(ref: string): string | null {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null
}

function textOf(file: string): string | null {
  const read = readTextSafe(file, { ...SMALL, follow: true })
  return read.ok ? read.value.trim() : null
}

/** Where a branch of the person's is; null where there is none. Codes: those of git. */
export async function personBranch(own: OwnRepository, branch: string): Promise<Result<string | null>> {
  const asked = await gitPersonRefs(own, {
    args: ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`],
    accept: [1],
  })
  return asked.ok ? ok(asked.value.toString('latin1').trim() || null) : asked
}

/** Moves a branch of the person's; `from` null makes it. No hook runs. Codes: those of git (it is elsewhere, or locked). */
export async function movePersonBranch(
  own: OwnRepository,
  branch: string,
  from: string | null,
  to: string,
): Promise<Result<void>> {
  const moved = await gitPersonRefs(own, {
    args: ['update-ref', '-m', 'autonomous-loop', `refs/heads/${branch}`, to, from ?? zeroOf(own)],
  })
  return moved.ok ? ok(undefined) : moved
}
