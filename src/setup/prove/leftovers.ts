import fs from 'node:fs'
import { isWithin } from '../../base/within.ts'
import { killQuietly } from './run-program.ts'

/**
 * Kills what still runs of a world: processes that work below its directory or carry its name in their environment.
 * Codex starts hooks in sessions of their own, so ending its group leaves them. The directory's name is unique, so no
 * other process can be meant. Linux; elsewhere nothing is known, and what is left ends by itself.
 */
export function killLeftovers(dir: string): void {
  if (process.platform !== 'linux') return
  for (const name of fs.readdirSync('/proc')) {
    const pid = Number(name)
    if (Number.isInteger(pid) && pid !== process.pid && belongsTo(pid, dir)) killQuietly(pid)
  }
}

function belongsTo(pid: number, dir: string): boolean {
  try {
    if (isWithin(fs.readlinkSync(`/proc/${pid}/cwd`), dir)) return true
    const home = `HOME=${dir}/`
    return fs
      .readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .some((entry) => entry.startsWith(home))
  } catch {
    // Ended meanwhile, or somebody else's.
    return false
  }
}
