import fs from 'node:fs'
import path from 'node:path'
import { LEAST_FREE, freeBytes } from '../../supervisor/batch/free-space.ts'
import { isShared } from '../../supervisor/batch/lock.ts'
import { isDirectory } from '../../base/file-kind.ts'
import { shellWord } from '../../base/shell-word.ts'
import { batchesDir } from '../../supervisor/batch/paths.ts'
import { REPAIR } from '../repair-words.ts'
import { type Check, failed, failedWith, passed } from '../check.ts'
import type { BatchLook } from './look.ts'

/** Directories of ours that others on this machine may look into. */
export function openDirectories({ repo, context }: Pick<BatchLook, 'repo' | 'context'>): readonly string[] {
  return [batchesDir(context.env.home), repo.dir].filter((dir) => {
    const stat = fs.lstatSync(dir, { throwIfNoEntry: false })
    return stat?.isDirectory() === true && (stat.mode & 0o077) !== 0
  })
}

/** Whether a batch can lie where its data and its record are. */
export function dataPlace({ context, data, repo }: BatchLook): Check {
  if (!data.ok) return failedWith(data.error, 'set XDG_DATA_HOME to another directory')
  const free = freeBytes(data.value)
  const about = { path: data.value, free_bytes: free }
  if (free < LEAST_FREE)
    return failed(
      `${data.value} has ${Math.floor(free / 1e6)} MB left, and a batch needs 2 GB`,
      `df -h ${shellWord(data.value)}`,
      about,
    )
  const { home } = context.env
  const shared = [home, data.value].find((dir) => isShared(nearestDirectory(dir)))
  const open = openDirectories({ repo, context })
  if (shared === undefined && open.length > 0)
    return failed(`other users can look into ${open.join(', ')}`, REPAIR, about)
  return shared === undefined
    ? passed(about)
    : failed(
        `${shared} lies on a file system that several machines share, where no lock is sure`,
        shared === home
          ? 'set AUTONOMOUS_LOOP_HOME to a directory on a local disk'
          : 'set XDG_DATA_HOME to a directory on a local disk',
        about,
      )
}

function nearestDirectory(dir: string): string {
  return isDirectory(dir) || dir === path.dirname(dir) ? dir : nearestDirectory(path.dirname(dir))
}
