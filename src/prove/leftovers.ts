import fs from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { isWithin } from '../base/within.ts'
import { killQuietly } from './run-program.ts'

const maxRounds = 100
const roundMs = 20

/**
 * Kills what still runs of a world: processes that work below its directory or carry its name in their environment.
 * Codex starts hooks in sessions of their own, so ending its group leaves them. The directory's name is unique, so no
 * other process can be meant. Linux; elsewhere nothing is known, and what is left ends by itself.
 */
export async function killLeftovers(dir: string): Promise<void> {
  for (let round = 0; round < maxRounds; round += 1) {
    const left = processesOf(dir)
    if (left.length === 0) return
    for (const pid of left) killQuietly(pid)
    // What was just killed may have started something a moment before.
    await delay(roundMs)
  }
}

/** Processes that work below a directory or carry its name in their environment. Linux; elsewhere none are known. */
export function processesOf(dir: string): number[] {
  if (process.platform !== 'linux') return []
  return fs
    .readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid && belongsTo(pid, dir))
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
