import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { isExecutable } from '../base/file-kind.ts'

/** Where a package manager puts it. Not PATH: what an agent can put there would be around every gate. */
const SYSTEM = ['/usr/bin/bwrap', '/usr/local/bin/bwrap']
/** The first with overlays. */
const OLDEST = [0, 11] as const

/** The bwrap that came with this Codex, which has overlays; else the system's, if it is new enough; else null. */
export function findBwrap(codexBin: string, system: readonly string[] = SYSTEM): string | null {
  const beside = path.resolve(path.dirname(codexBin), '..', 'codex-resources', 'bwrap')
  return [beside].find(isExecutable) ?? system.find((file) => isExecutable(file) && isNewEnough(file)) ?? null
}

function isNewEnough(file: string): boolean {
  const run = spawnSync(file, ['--version'], { encoding: 'utf8', timeout: 20_000, env: {} })
  const [, major, minor] = /(\d+)\.(\d+)/.exec(run.stdout ?? '') ?? []
  if (major === undefined) return false
  return Number(major) > OLDEST[0] || Number(minor) >= OLDEST[1]
}
