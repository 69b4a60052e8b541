import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { sweepOwned } from '../../base/owned-directory.ts'
import type { OwnRepository } from './types.ts'

/**
 * Removes what a process of ours or of an agent left that was killed: locks of refs and indexes, and scratch directories. Only for who holds the
 * lock of the batch: then no git of ours is at work. Throws what the file system says.
 */
export function sweepOwn(own: OwnRepository): void {
  sweepOwned(path.join(own.data, 'scratch'))
  for (const place of staleLocks(own.data)) fs.rmSync(place, { recursive: true, force: true })
}

/** Locks in our data of a repository, when no git is at work there. `data`: as of OwnRepository. */
export function staleLocks(data: string): readonly string[] {
  const bare = path.join(data, 'repo.git')
  const single = ['HEAD.lock', 'packed-refs.lock', 'config.lock'].map((name) => path.join(bare, name))
  return [
    ...single.filter((file) => fs.existsSync(file)),
    // An agent whose conversation goes on would find the index of its worktree locked.
    ...[path.join(bare, 'refs'), path.join(bare, 'worktrees'), path.join(data, 'index')].flatMap(locksBelow),
  ]
}

function locksBelow(dir: string): readonly string[] {
  return namesIn(dir).flatMap((name) => {
    const place = path.join(dir, name)
    // No ref has such a name.
    if (name.endsWith('.lock')) return [place]
    return fs.lstatSync(place, { throwIfNoEntry: false })?.isDirectory() === true ? locksBelow(place) : []
  })
}
