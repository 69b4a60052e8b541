import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../base/names-in.ts'
import { writeFileWhole } from '../base/write-file.ts'

/** Of an older log the first and the last bytes, each. */
const KEPT = 32_000

/**
 * Cuts the logs of all stops but this one and the one before it to their beginning and their end; an earlier run's are
 * older whatever their number. Each is cut once, so a stop reads little. Where it fails the log stays as it is.
 */
export function trimLogs(dir: string, stop: number): void {
  for (const name of namesIn(dir)) {
    const [, number] = /^(\d+)-.*\.log$/.exec(name) ?? []
    if (number === undefined || Number(number) === stop || Number(number) === stop - 1) continue
    try {
      trim(path.join(dir, name))
    } catch {
      // A full disk, or a log that went meanwhile.
    }
  }
}

function trim(file: string): void {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants
  const fd = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  try {
    const stat = fs.fstatSync(fd)
    // With the note below a log that was cut once stays under this.
    if (!stat.isFile() || stat.size <= 2 * KEPT + 200) return
    const note = Buffer.from(`\n[${stat.size - 2 * KEPT} bytes of this older log were left out here]\n`)
    writeFileWhole(file, Buffer.concat([piece(fd, 0), note, piece(fd, stat.size - KEPT)]))
  } finally {
    fs.closeSync(fd)
  }
}

function piece(fd: number, at: number): Buffer {
  const bytes = Buffer.alloc(KEPT)
  return bytes.subarray(0, fs.readSync(fd, bytes, 0, KEPT, at))
}
