import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../base/result.ts'
import { realPath } from '../base/within.ts'
import { readReach } from '../contract/reach.ts'

/** What a command's `reach` names, as it is there now. */
export interface Reached {
  /** Absolute; the last part may be a link, the way to it has none. */
  readonly sockets: readonly string[]
  /** Absolute, as they are called in `/dev`. */
  readonly devices: readonly string[]
}

export const NOTHING: Reached = { sockets: [], devices: [] }

/** Where the descriptors of devices begin in a gate: above those that shells use for themselves. */
export const FIRST_DEVICE = 40

/** Looks the entries up. What is not there has a name: a gate without it would fail in words of its own. Code: `gate-reach`. */
export function findReached(entries: readonly string[]): Result<Reached> {
  const sockets: string[] = []
  const devices: string[] = []
  for (const entry of entries) {
    const reach = readReach(entry)
    if (reach?.kind === 'socket') {
      if (!is(reach.path, (stat) => stat.isSocket())) return missing(entry, 'there is no socket of that name')
      sockets.push(path.join(realPath(path.dirname(reach.path)), path.basename(reach.path)))
    } else {
      const found = reach === null ? [] : devicesLike(reach.glob)
      if (found.length === 0) return missing(entry, 'there is no such device')
      devices.push(...found)
    }
  }
  return ok({ sockets: [...new Set(sockets)], devices: [...new Set(devices)] })
}

function missing(entry: string, why: string): Result<Reached> {
  return fail('gate-reach', `${entry} of the command's reach: ${why}`, {
    fix: `start or plug in what ${entry} leads to, or take it out of reach in .codex/autoloop.project.json`,
  })
}

/**
 * A descriptor for each, by which a gate may open the device and nothing is opened yet: Codex's sandbox makes a `/dev` of its own and
 * lets no device be mounted, so the gate gets a link to this one there.
 */
export function openDevices(devices: readonly string[]): number[] {
  const O_PATH = 0o10000000
  return devices.map((device) => fs.openSync(device, O_PATH))
}

/** Names are compared part by part: a star stays in its directory. Sorted. */
function devicesLike(glob: string): string[] {
  let found = ['/dev']
  for (const name of glob.split('/').slice(2)) {
    const like = new RegExp(
      `^${name
        .replaceAll(/[.+]/g, String.raw`\$&`)
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    )
    found = found.flatMap((dir) =>
      entriesOf(dir)
        .filter((entry) => like.test(entry))
        .map((entry) => path.join(dir, entry)),
    )
  }
  return found
    .filter((file) => is(file, (stat) => stat.isCharacterDevice() || stat.isBlockDevice()))
    .toSorted()
}

function entriesOf(dir: string): string[] {
  try {
    return fs.readdirSync(dir)
  } catch {
    return []
  }
}

function is(file: string, test: (stat: fs.Stats) => boolean): boolean {
  try {
    return test(fs.statSync(file))
  } catch {
    return false
  }
}
