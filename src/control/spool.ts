import fs from 'node:fs'
import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { errno, readTextSafe } from '../base/read-file.ts'
import { systemWords } from '../base/system-words.ts'
import { parseJson } from '../base/json.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { sessionKey } from '../base/session-id.ts'

/** The only place where an agent in Codex's sandbox can leave a request. Everything in it is untrusted. */
export function defaultSpool(uid: number, sessionId: string): string {
  return path.join('/tmp', `autoloop-${uid}`, sessionKey(sessionId))
}

const maxFiles = 64
/** Of all requests of a session together; parsed, even the worst of JSON in it needs no more than some 100 MB. */
const maxBytes = 8_000_000

/** Creates the directory for this user only. Codes: spool-unsafe (somebody else's, or a link), spool-unwritable. */
export function ensureSpool(dir: string, uid: number): Result<true> {
  for (const one of [path.dirname(dir), dir]) {
    try {
      fs.mkdirSync(one, { mode: 0o700 })
    } catch (error) {
      if (errno(error) !== 'EEXIST')
        return fail('spool-unwritable', `${one} cannot be made: ${systemWords(error)}`)
    }
    const safe = checkDirectory(one, uid)
    if (!safe.ok) return safe
  }
  return ok(true)
}

/** Leaves one request; whole or not at all. Codes: those of ensureSpool, spool-too-large. */
export function leaveRequest(dir: string, uid: number, request: object): Result<true> {
  const text = JSON.stringify(request)
  if (Buffer.byteLength(text) > maxBytes)
    return fail('spool-too-large', `the request is larger than ${maxBytes} bytes`, {
      fix: 'the person types the prompt: $autonomous-loop <objective>',
    })
  const ready = ensureSpool(dir, uid)
  if (!ready.ok) return ready
  // Order of arrival is the order of names; the random part keeps two calls of one millisecond apart.
  const name = `${String(Date.now()).padStart(15, '0')}-${randomBytes(6).toString('hex')}`
  const temp = path.join(dir, `.${name}`)
  try {
    fs.writeFileSync(temp, text, { mode: 0o600, flag: 'wx' })
    fs.renameSync(temp, path.join(dir, `${name}.json`))
    return ok(true)
  } catch (error) {
    fs.rmSync(temp, { force: true })
    return fail('spool-unwritable', `${dir} cannot be written: ${systemWords(error)}`)
  }
}

export interface SpooledFile {
  readonly file: string
  /** Reads it: parsed JSON, or why it is refused. To be called once, and the result dropped before the next: memory. */
  readonly content: () => Result<unknown>
}

/**
 * Looks at what is there, oldest first; never follows a link, never waits on a FIFO, at most 64 files with 8 MB together:
 * what does not fit any more is refused. Missing directory: nothing.
 */
export function readSpool(dir: string, uid: number): readonly SpooledFile[] {
  let left = maxBytes
  return inSpool(dir, uid, [], namesIn)
    .sort()
    .slice(0, maxFiles)
    .map((name) => {
      const file = path.join(dir, name)
      const gone = fail('spool-unreadable', `${file} is gone`)
      return {
        file,
        content: () => {
          const text = inSpool<Result<string>>(dir, uid, gone, (held) => readOne(held, dir, name, uid, left))
          if (!text.ok) return text
          left -= Buffer.byteLength(text.value)
          const json = parseJson(text.value, file)
          // The parser's own message quotes the text, which may be of another agent.
          return json.ok ? json : fail(json.error.code, `${file} is not valid JSON`)
        },
      }
    })
}

/** Takes away every request unread; how many there were. As dropSpooled, each by its own name. */
export function dropSpool(dir: string, uid: number): number {
  const names = inSpool(dir, uid, [], namesIn)
  for (const name of names) dropSpooled(path.join(dir, name), uid)
  return names.length
}

function namesIn(held: string): string[] {
  return fs.readdirSync(held).filter((name) => !name.startsWith('.'))
}

/**
 * Taken in or refused: either way it is gone, so that it is said once. Never throws, and never takes away more than this
 * one name: a directory is put aside as it is, because emptying one follows whatever the agent puts there meanwhile.
 */
export function dropSpooled(file: string, uid: number): void {
  inSpool(path.dirname(file), uid, undefined, (held) => {
    const name = path.join(held, path.basename(file))
    try {
      fs.unlinkSync(name)
    } catch (error) {
      if (errno(error) === 'ENOENT') return
      fs.renameSync(name, path.join(held, `.dropped-${randomBytes(6).toString('hex')}`))
    }
  })
}

function readOne(held: string, dir: string, name: string, uid: number, mostBytes: number): Result<string> {
  const file = path.join(dir, name)
  try {
    const stat = fs.lstatSync(path.join(held, name))
    if (stat.uid !== uid) return fail('spool-foreign', `${file} belongs to another user`)
    // A second name for a file elsewhere would let the agent hand us what it may only read.
    if (stat.isFile() && stat.nlink > 1) return fail('spool-link', `${file} has more than one name`)
  } catch (error) {
    return fail('spool-unreadable', `${file}: ${systemWords(error)}`)
  }
  const text = readTextSafe(path.join(held, name), { maxBytes: mostBytes })
  if (text.ok) return text
  if (text.error.code === 'too-large')
    return fail(
      'spool-too-large',
      `${file} is refused: the requests of a session may have ${maxBytes} bytes together`,
    )
  return fail(text.error.code, text.error.message.replaceAll(held, dir))
}

/**
 * Holds the spool open while `look` works in it. The agent may swap the directory, or the one above it, for a link to
 * ours at any moment; what is reached through the open directory stays what was checked. Without /proc (macOS) the names
 * are checked only just before. `absent` where there is no spool of this user, or the system refuses.
 */
function inSpool<T>(dir: string, uid: number, absent: T, look: (held: string) => T): T {
  const fds: number[] = []
  try {
    let held = path.dirname(dir)
    for (const name of ['', path.basename(dir)]) {
      const fd = openOwn(path.join(held, name), uid)
      if (fd === undefined) return absent
      fds.push(fd)
      held = process.platform === 'linux' ? `/proc/self/fd/${fd}` : path.join(held, name)
    }
    return look(held)
  } catch {
    return absent
  } finally {
    for (const fd of fds) fs.closeSync(fd)
  }
}

/** Undefined for what is no directory that only this user writes. */
function openOwn(dir: string, uid: number): number | undefined {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants
  const fd = fs.openSync(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  const stat = fs.fstatSync(fd)
  if (stat.uid === uid && (stat.mode & 0o022) === 0) return fd
  fs.closeSync(fd)
  return undefined
}

function checkDirectory(dir: string, uid: number): Result<true> {
  try {
    const stat = fs.lstatSync(dir)
    if (!stat.isDirectory()) return fail('spool-unsafe', `${dir} is not a directory`)
    if (stat.uid !== uid) return fail('spool-unsafe', `${dir} belongs to another user`)
    if ((stat.mode & 0o022) !== 0) return fail('spool-unsafe', `${dir} can be written by others`)
    return ok(true)
  } catch (error) {
    return fail('spool-unwritable', `${dir}: ${systemWords(error)}`)
  }
}
