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

export function spoolOf(
  uid: number,
  live: { readonly spool: string } | undefined,
  sessionId: string,
): string {
  return live?.spool ?? defaultSpool(uid, sessionId)
}

/** Of a session at a time: an agent of another session can leave as many as it likes. */
export const maxFiles = 64
/** Of all requests of a session together; parsed, even the worst of JSON in it needs no more than some 100 MB. */
const maxBytes = 8_000_000

/**
 * Makes the directory for this user only: with the first request, because the hook program is started wherever there is one.
 * Codes: spool-unsafe (somebody else's, or a link), spool-unwritable.
 */
export function ensureSpool(dir: string, uid: number): Result<true> {
  const above = ensureDirectory(path.dirname(dir), uid)
  return above.ok ? ensureDirectory(dir, uid) : above
}

/** As ensureSpool, for one directory; the one above all spools is made early, before another user makes it. */
export function ensureDirectory(dir: string, uid: number): Result<true> {
  try {
    fs.mkdirSync(dir, { mode: 0o700 })
  } catch (error) {
    if (errno(error) !== 'EEXIST')
      return fail('spool-unwritable', `${dir} cannot be made: ${systemWords(error)}`)
  }
  return checkDirectory(dir, uid)
}

/** Leaves one request; whole or not at all. Codes: those of ensureSpool, spool-too-large. */
export function leaveRequest(dir: string, uid: number, request: object): Result<true> {
  const text = JSON.stringify(request)
  if (Buffer.byteLength(text) > maxBytes)
    return fail('spool-too-large', `the request is larger than ${maxBytes} bytes`, {
      fix: 'the person types the prompt: $autonomous-loop <objective>',
    })
  // Order of arrival is the order of names; the random part keeps two calls of one millisecond apart.
  const name = `${String(Date.now()).padStart(15, '0')}-${randomBytes(6).toString('hex')}`
  const temp = path.join(dir, `.${name}`)
  for (let tries = 1; ; tries += 1) {
    const ready = ensureSpool(dir, uid)
    if (!ready.ok) return ready
    try {
      fs.writeFileSync(temp, text, { mode: 0o600, flag: 'wx' })
      fs.renameSync(temp, path.join(dir, `${name}.json`))
      return ok(true)
    } catch (error) {
      fs.rmSync(temp, { force: true })
      // A hook took the directory away meanwhile, with nothing or with too much in it.
      if (errno(error) === 'ENOENT' && tries < 5) continue
      return fail('spool-unwritable', `${dir} cannot be written: ${systemWords(error)}`)
    }
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
    .filter((name) => !name.startsWith('.'))
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

/** Puts the whole spool aside, unread, where it holds more than a session leaves; says whether it did. In one step, however many. */
export function dropFlood(dir: string, uid: number): boolean {
  return inSpool(dir, uid, false, (held, above) => {
    if (namesIn(held).length <= maxFiles) return false
    putAside(above, path.join(above, path.basename(dir)))
    return true
  })
}

/** Takes away every request unread; how many there were, one more than maxFiles for any more. As dropSpooled, each by its own name. */
export function dropSpool(dir: string, uid: number): number {
  if (dropFlood(dir, uid)) return maxFiles + 1
  const spooled = readSpool(dir, uid)
  for (const { file } of spooled) dropSpooled(file, uid)
  return spooled.length
}

/** Takes the directory away if nothing is in it: an empty one would start the hook program for nothing. */
export function closeSpool(dir: string, uid: number): void {
  inSpool(dir, uid, undefined, (_, above) => fs.rmdirSync(path.join(above, path.basename(dir))))
}

/** At most one more than maxFiles of the names: whoever leaves a million of them would make each hook slow. */
function namesIn(held: string): string[] {
  const dir = fs.opendirSync(held)
  try {
    const names: string[] = []
    for (let entry; names.length <= maxFiles && (entry = dir.readSync());) names.push(entry.name)
    return names
  } finally {
    dir.closeSync()
  }
}

/** As it is: emptying a directory follows whatever the agent puts there meanwhile. */
function putAside(above: string, name: string): void {
  fs.renameSync(name, path.join(above, `.dropped-${randomBytes(6).toString('hex')}`))
}

/**
 * Taken in or refused: either way it is gone, so that it is said once. Never throws, and never takes away more than this
 * one name: a directory is put aside.
 */
export function dropSpooled(file: string, uid: number): void {
  inSpool(path.dirname(file), uid, undefined, (held, above) => {
    const name = path.join(held, path.basename(file))
    try {
      fs.unlinkSync(name)
    } catch (error) {
      if (errno(error) === 'ENOENT') return
      putAside(above, name)
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
function inSpool<T>(dir: string, uid: number, absent: T, look: (held: string, above: string) => T): T {
  const fds: number[] = []
  try {
    let above = ''
    let held = path.dirname(dir)
    for (const name of ['', path.basename(dir)]) {
      const fd = openOwn(path.join(held, name), uid)
      if (fd === undefined) return absent
      fds.push(fd)
      above = held
      held = process.platform === 'linux' ? `/proc/self/fd/${fd}` : path.join(held, name)
    }
    return look(held, above)
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
