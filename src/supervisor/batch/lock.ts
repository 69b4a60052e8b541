import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'

/** Held until it is let go or the process is gone, however it goes. */
export interface KernelLock {
  /** The open file. Whoever is handed it on holds the lock too. */
  readonly fd: number
  readonly letGo: () => void
}

const BUSY = 75

/** Magic numbers of statfs(2): NFS, SMB, CIFS, SMB2, AFS, Ceph, 9p, FUSE. There a lock may hold on one machine alone. */
const ACROSS_MACHINES = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x5346414f, 0x00c36400, 0x01021997, 0x65735546,
])

/**
 * Takes a lock of the kernel's own. It belongs to the open file, which this process keeps: `flock` only takes it, on a descriptor
 * that it inherits, so nothing has to be cleaned up after a crash and nobody can take it from the living.
 * Codes: batch-running (another process has it), lock-io (no `flock`, or a file system across machines).
 */
export function takeLock(file: string): Result<KernelLock> {
  let fd: number
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_NOFOLLOW, 0o600)
  } catch (error) {
    return fail('lock-io', `${file} could not be opened: ${systemWords(error)}`)
  }
  const refused = refusal(file, fd)
  if (refused === null) return ok({ fd, letGo: () => fs.closeSync(fd) })
  fs.closeSync(fd)
  return refused
}

/** Whether several machines share the file system of a directory, so that a lock there may hold on one of them alone. */
export function isShared(dir: string): boolean {
  return ACROSS_MACHINES.has(fs.statfsSync(dir).type)
}

function refusal(file: string, fd: number): Extract<Result<never>, { ok: false }> | null {
  if (isShared(path.dirname(file)))
    return fail(
      'lock-io',
      `${file} lies on a file system that several machines share, where no lock is sure`,
      {
        fix: 'set AUTONOMOUS_LOOP_HOME to a directory on a local disk',
      },
    )
  const run = spawnSync('flock', ['--nonblock', '--conflict-exit-code', String(BUSY), '3'], {
    stdio: ['ignore', 'ignore', 'pipe', fd],
    env: { PATH: '/usr/bin:/bin' },
    timeout: 10_000,
    killSignal: 'SIGKILL',
  })
  if (run.status === 0) return null
  if (run.status === BUSY) return fail('batch-running', `another process supervises this repository`)
  const said = run.error?.message ?? run.stderr.toString('utf8').trim()
  return fail('lock-io', `${file} could not be locked: ${said}`, {
    fix: 'install util-linux, which has flock',
  })
}
