import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { systemWords } from '../base/system-words.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { homePaths } from './paths.ts'

/** Makes the home and its directories, private to the user (0700). Codes: home-unwritable. */
export function ensureHome(home: string): Result<void> {
  const { armed, live, approved, sessions, requests, archived, bin } = homePaths(home)
  try {
    for (const dir of [home, bin, armed, live, approved, sessions, requests, archived])
      fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    // Its own mode decides who may arm and disarm: also when somebody made it by hand.
    fs.chmodSync(home, 0o700)
    return ok(undefined)
  } catch (error) {
    return fail('home-unwritable', `${home} could not be prepared: ${systemWords(error)}`, { data: { home } })
  }
}

/**
 * Whether files can really be made in the home (or, while it does not exist, where it would be): "in the sandbox" means
 * that this is false. Tried rather than asked, because access(2) knows nothing of Landlock. Leaves nothing behind.
 */
export function isWritable(home: string): boolean {
  try {
    if (!fs.existsSync(home)) return canMakeDirectory(nearestExisting(home))
    fs.accessSync(home, fs.constants.W_OK | fs.constants.X_OK)
    const probe = path.join(home, `.probe-${process.pid}-${randomBytes(6).toString('hex')}`)
    fs.closeSync(fs.openSync(probe, 'wx', 0o600))
    fs.unlinkSync(probe)
    return true
  } catch {
    return false
  }
}

function nearestExisting(dir: string): string {
  const parent = path.dirname(dir)
  return parent === dir || fs.existsSync(parent) ? parent : nearestExisting(parent)
}

function canMakeDirectory(dir: string): boolean {
  fs.rmdirSync(fs.mkdtempSync(path.join(dir, '.autoloop-probe-')))
  return true
}
