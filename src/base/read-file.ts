import { systemWords } from './system-words.ts'
import fs from 'node:fs'
import { type Result, fail, ok } from './result.ts'

export interface ReadOptions {
  /** Larger files are refused, not cut. Bytes. */
  readonly maxBytes: number
  /** Follow a link at the last path component. Only for files that no agent can write. */
  readonly follow?: boolean
}

/** What stands in the way of reading a file; `code` of the Failure. */
export type ReadCode = 'missing' | 'not-regular' | 'link' | 'too-large' | 'denied' | 'io'

/**
 * Reads a whole regular file without ever waiting: a FIFO, socket or device in its place is a failure with a name,
 * because a synchronous read of one would hang the hook to its timeout.
 */
export function readFileSafe(file: string, options: ReadOptions): Result<Buffer> {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants
  let fd: number
  try {
    fd = fs.openSync(file, O_RDONLY | O_NONBLOCK | (options.follow ? 0 : O_NOFOLLOW))
  } catch (error) {
    return openFailure(file, error)
  }
  try {
    const stat = fs.fstatSync(fd)
    if (!stat.isFile()) return fail('not-regular', `${file} is not a regular file`)
    if (stat.size > options.maxBytes)
      return fail('too-large', `${file} has ${stat.size} bytes; at most ${options.maxBytes} are read`)
    const bytes = fs.readFileSync(fd)
    if (bytes.length > options.maxBytes)
      return fail('too-large', `${file} grew past ${options.maxBytes} bytes while it was read`)
    return ok(bytes)
  } catch (error) {
    return fail('io', `${file} could not be read: ${systemWords(error)}`)
  } finally {
    fs.closeSync(fd)
  }
}

/** As readFileSafe, decoded as UTF-8. */
export function readTextSafe(file: string, options: ReadOptions): Result<string> {
  const bytes = readFileSafe(file, options)
  return bytes.ok ? ok(bytes.value.toString('utf8')) : bytes
}

function openFailure(file: string, error: unknown): Result<never> {
  const code = errno(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return fail('missing', `${file} does not exist`)
  if (code === 'ELOOP') return fail('link', `${file} is a symbolic link`)
  if (code === 'ENXIO') return fail('not-regular', `${file} is not a regular file`)
  if (code === 'EACCES' || code === 'EPERM') return fail('denied', `${file} may not be read`)
  return fail('io', `${file} could not be opened: ${code}`)
}

/** The system error's name, such as ENOENT; `unknown` when the error carries none. */
export function errno(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? 'unknown'
}
