import fs from 'node:fs'
import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { errno, readTextSafe } from '../base/read-file.ts'
import { parseJson } from '../base/json.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { sessionKey } from '../base/session-id.ts'

/** The only place where an agent in Codex's sandbox can leave a request. Everything in it is untrusted. */
export function defaultSpool(uid: number, sessionId: string): string {
  return path.join('/tmp', `autoloop-${uid}`, sessionKey(sessionId))
}

const maxFiles = 64
const maxBytes = 32_000_000

/** Creates the directory for this user only. Codes: spool-unsafe (somebody else's, or a link), spool-unwritable. */
export function ensureSpool(dir: string, uid: number): Result<true> {
  for (const one of [path.dirname(dir), dir]) {
    try {
      fs.mkdirSync(one, { mode: 0o700 })
    } catch (error) {
      if (errno(error) !== 'EEXIST') return fail('spool-unwritable', `${one} cannot be made: ${errno(error)}`)
    }
    const safe = checkDirectory(one, uid)
    if (!safe.ok) return safe
  }
  return ok(true)
}

/** Leaves one request; whole or not at all. */
export function leaveRequest(dir: string, uid: number, request: object): Result<true> {
  const ready = ensureSpool(dir, uid)
  if (!ready.ok) return ready
  // Order of arrival is the order of names; the random part keeps two calls of one millisecond apart.
  const name = `${String(Date.now()).padStart(15, '0')}-${randomBytes(6).toString('hex')}`
  const temp = path.join(dir, `.${name}`)
  try {
    fs.writeFileSync(temp, JSON.stringify(request), { mode: 0o600, flag: 'wx' })
    fs.renameSync(temp, path.join(dir, `${name}.json`))
    return ok(true)
  } catch (error) {
    fs.rmSync(temp, { force: true })
    return fail('spool-unwritable', `${dir} cannot be written: ${errno(error)}`)
  }
}

export interface SpooledFile {
  readonly file: string
  /** Parsed JSON, or why it is refused. */
  readonly content: Result<unknown>
}

/** Looks at what is there, oldest first; never follows a link, never waits on a FIFO, at most 64 files of 32 MB. Missing directory: nothing. */
export function readSpool(dir: string, uid: number): readonly SpooledFile[] {
  if (!checkDirectory(path.dirname(dir), uid).ok || !checkDirectory(dir, uid).ok) return []
  let names: string[]
  try {
    names = fs.readdirSync(dir).filter((name) => !name.startsWith('.'))
  } catch {
    return []
  }
  return names
    .sort()
    .slice(0, maxFiles)
    .map((name) => {
      const file = path.join(dir, name)
      return { file, content: readOne(file, uid) }
    })
}

/** Taken in or refused: either way it is gone, so that it is said once. */
export function dropSpooled(file: string): void {
  fs.rmSync(file, { recursive: true, force: true })
}

function readOne(file: string, uid: number): Result<unknown> {
  try {
    const stat = fs.lstatSync(file)
    if (stat.uid !== uid) return fail('spool-foreign', `${file} belongs to another user`)
    // A second name for a file elsewhere would let the agent hand us what it may only read.
    if (stat.nlink > 1) return fail('spool-link', `${file} has more than one name`)
  } catch (error) {
    return fail('spool-unreadable', `${file}: ${errno(error)}`)
  }
  const text = readTextSafe(file, { maxBytes })
  return text.ok ? parseJson(text.value, file) : text
}

function checkDirectory(dir: string, uid: number): Result<true> {
  try {
    const stat = fs.lstatSync(dir)
    if (!stat.isDirectory()) return fail('spool-unsafe', `${dir} is not a directory`)
    if (stat.uid !== uid) return fail('spool-unsafe', `${dir} belongs to another user`)
    if ((stat.mode & 0o022) !== 0) return fail('spool-unsafe', `${dir} can be written by others`)
    return ok(true)
  } catch (error) {
    return fail('spool-unwritable', `${dir}: ${errno(error)}`)
  }
}
