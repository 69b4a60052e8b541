import fs from 'node:fs'
import path from 'node:path'

/**
 * Whether a process has this conversation open. Codex holds a lock of the kernel for as long, and leaves the file behind (0.169 and
 * 0.171). False where locks cannot be seen.
 */
export function isOpenElsewhere(codexHome: string, id: string): boolean {
  try {
    const { ino } = fs.statSync(path.join(codexHome, 'thread-writer-locks', `${id}.lock`), { bigint: true })
    // Devices are other ones there than in `stat` on some file systems.
    return fs
      .readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .some((line) => line.includes(' FLOCK ') && line.includes(`:${ino} `))
  } catch {
    return false
  }
}
