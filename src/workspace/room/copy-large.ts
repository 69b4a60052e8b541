import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { through } from './directories.ts'

const BLOCK = 512
/** From here on it is asked first whether there is room: a disk that is full is everybody's. */
const MUCH = 1 << 26

/**
 * Copies an open file to where nothing is, in the tree `to`. One with holes takes no more room than it has: 300 GB of nothing are
 * written in no time. Throws what the file system says.
 */
export function copyLarge(
  to: string,
  descriptor: number,
  target: string | Buffer,
  { blocks, size }: fs.Stats,
  mode: number,
): void {
  const taken = blocks * BLOCK
  if (taken > MUCH && taken > freeIn(to))
    throw Object.assign(new Error('full'), { code: 'ENOSPC', errno: -28 })
  if (taken < size) copyHoles(descriptor, target)
  else
    fs.copyFileSync(through(descriptor), target, fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE)
  fs.chmodSync(target, mode)
}

/** Node does not see them, `cp` does. It writes to what is open, because its arguments would have to be text. */
function copyHoles(from: number, target: string | Buffer): void {
  const to = fs.openSync(target, 'wx')
  try {
    const copied = spawnSync('cp', ['--sparse=always', '/proc/self/fd/3', '/proc/self/fd/4'], {
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe', from, to],
    })
    if (copied.status === 0) return
    const said = copied.error?.message ?? copied.stderr.toString('utf8').trim().slice(0, 200)
    throw Object.assign(new Error(said), { code: said })
  } finally {
    fs.closeSync(to)
  }
}

function freeIn(dir: string): number {
  const { bavail, bsize } = fs.statfsSync(dir)
  return bavail * bsize
}
