import fs from 'node:fs'
import { errno } from '../../base/read-file.ts'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'

/**
 * Opens a transcript for reading in pieces and closes it again. Never waits: a FIFO or device in its place is a
 * failure. Failures: `missing`, `not-regular`, `io`.
 */
export function withTranscript<T>(file: string, use: (fd: number, size: number) => T): Result<T> {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants
  let fd: number
  try {
    fd = fs.openSync(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
  } catch (error) {
    const code = errno(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return fail('missing', `${file} does not exist`)
    if (code === 'ELOOP' || code === 'ENXIO') return fail('not-regular', `${file} is not a regular file`)
    return fail('io', `${file} could not be opened: ${code}`)
  }
  try {
    const stat = fs.fstatSync(fd)
    if (!stat.isFile()) return fail('not-regular', `${file} is not a regular file`)
    return ok(use(fd, stat.size))
  } catch (error) {
    return fail('io', `${file} could not be read: ${systemWords(error)}`)
  } finally {
    fs.closeSync(fd)
  }
}

/**
 * The bytes from `start` to `end`; fewer when the file became shorter meanwhile. `into`, where it is large enough, is
 * used and holds them until its next use: fresh memory for each piece costs more than the reading.
 */
export function readSpan(fd: number, start: number, end: number, into?: Buffer): Buffer {
  const length = Math.max(0, end - start)
  const buffer = into && into.length >= length ? into.subarray(0, length) : Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < buffer.length) {
    const count = fs.readSync(fd, buffer, filled, buffer.length - filled, start + filled)
    if (count === 0) break
    filled += count
  }
  return buffer.subarray(0, filled)
}
