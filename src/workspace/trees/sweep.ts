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
  for (const name of ['HEAD.lock', 'packed-refs.lock', 'config.lock'])
    fs.rmSync(path.join(own.dir, name), { force: true })
  // An agent whose conversation goes on would find the index of its worktree locked.
  for (const dir of ['refs', 'worktrees'].map((name) => path.join(own.dir, name))) removeLocks(dir)
  removeLocks(path.join(own.data, 'index'))
}

function removeLocks(dir: string): void {
  for (const name of namesIn(dir)) {
    const place = path.join(dir, name)
    // No ref has such a name.
    if (name.endsWith('.lock')) fs.rmSync(place, { recursive: true, force: true })
    else if (fs.lstatSync(place).isDirectory()) removeLocks(place)
  }
}
