import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { type ProcessId, processStart, self } from '../base/process-id.ts'
import { errno } from '../base/read-file.ts'

/*
 * A lock is a directory of numbered symbolic links, one per holder in turn:
 *
 *   g-7 -> "<pid>:<token>:<start>"   held, as long as that very process lives
 *   r-7                              the same link, renamed: released
 *
 * Only the highest number counts. Whoever sees it released or dead may link the next number; one of them succeeds. A dead
 * holder is passed over, so there is no stealing. The highest number is never removed, so numbers never come back: a
 * contender that slept through several holders and links an old number sees a higher (or released equal) one in its
 * second look and withdraws. Making a link is one atomic call and needs no disk block, so a crash leaves nothing half done.
 */
export type Attempt = { readonly got: number } | { readonly holder: ProcessId } | 'again'

/** Looks once and takes the lock when nobody alive has it. Throws on a system error. */
export function tryOnce(dir: string, mine: string): Attempt {
  const top = highest(dir)
  if (top.held) {
    const holder = holderOf(path.join(dir, `g-${top.number}`))
    if (holder === 'gone') return 'again'
    if (holder && livesStill(holder)) return { holder }
  }
  const number = top.number + 1
  try {
    fs.symlinkSync(mine, path.join(dir, `g-${number}`))
  } catch (error) {
    // ENOENT: the whole directory was archived under us.
    if (errno(error) === 'ENOENT') fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    else if (errno(error) !== 'EEXIST') throw error
    return 'again'
  }
  const after = highest(dir)
  // Without the number before it, this is another directory than the one we looked into: it was archived and made anew.
  if (after.number !== number || !after.held || (number > 1 && !after.previous)) {
    fs.rmSync(path.join(dir, `g-${number}`), { force: true })
    return 'again'
  }
  sweep(dir, number)
  return { got: number }
}

/**
 * The highest number in the directory; `held` when no release of it is there, `previous` when the number before it is.
 * 0 and not held when it is empty.
 */
function highest(dir: string): { number: number; held: boolean; previous: boolean } {
  const all = entries(dir)
  const number = all.reduce((most, entry) => Math.max(most, entry.number), 0)
  const top = all.filter((entry) => entry.number === number)
  return {
    number,
    held: top.length > 0 && top.every((entry) => entry.held),
    previous: all.some((entry) => entry.number === number - 1),
  }
}

function entries(dir: string): { name: string; number: number; held: boolean }[] {
  let names: string[]
  try {
    names = fs.readdirSync(dir)
  } catch (error) {
    if (errno(error) === 'ENOENT') return []
    throw error
  }
  return names.flatMap((name) => {
    const [, kind, digits] = /^([gr])-([0-9]{1,15})$/.exec(name) ?? []
    return kind && digits ? [{ name, number: Number(digits), held: kind === 'g' }] : []
  })
}

/** Only the holder sweeps; a few old numbers stay so that no listing made meanwhile comes out empty. */
function sweep(dir: string, number: number): void {
  for (const entry of entries(dir))
    if (entry.number < number - 4) fs.rmSync(path.join(dir, entry.name), { force: true })
}

/** Frees the number we hold; never fails. */
export function release(dir: string, number: number, mine: string): void {
  try {
    // The directory may have been archived and made anew: then this number is somebody else's.
    if (fs.readlinkSync(path.join(dir, `g-${number}`)) === mine)
      fs.renameSync(path.join(dir, `g-${number}`), path.join(dir, `r-${number}`))
  } catch {
    // Whatever stands in the way, the lock is free when this process ends.
  }
}

/** What our link says: this process, and this one holding of it. */
export function newTicket(): string {
  const { pid, start } = self()
  return `${pid}:${randomBytes(8).toString('hex')}:${start}`
}

/** Undefined when the link holds no process: nobody can hold with it. */
function holderOf(link: string): ProcessId | undefined | 'gone' {
  try {
    const [, pid, start] = /^([0-9]{1,10}):[0-9a-f]+:(.+)$/.exec(fs.readlinkSync(link)) ?? []
    return pid && start ? { pid: Number(pid), start } : undefined
  } catch (error) {
    return errno(error) === 'ENOENT' ? 'gone' : undefined
  }
}

/** When process times cannot be read at all (no descriptor left, no /proc), only the number is asked for: never free too early. */
function livesStill(id: ProcessId): boolean {
  const start = processStart(id.pid)
  if (start !== undefined) return id.start === 'unknown' || start === id.start
  if (processStart(process.pid) !== undefined) return false
  try {
    process.kill(id.pid, 0)
    return true
  } catch (error) {
    return errno(error) === 'EPERM'
  }
}
