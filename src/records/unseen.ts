import path from 'node:path'
import type { Env } from '../base/env.ts'
import { isDirectory } from '../base/file-kind.ts'
import { isWithin, realPath } from '../base/within.ts'
import { EMPTIED } from '../box/shown.ts'
import { homePaths } from '../ledger/paths.ts'

/**
 * What a gate of the clean room does not see, because an agent has written or said what is there: its temp directory, what Codex and
 * the controller keep of its sessions, other rooms, and what gates write. Only what is there.
 */
export function unseenInRooms({ home, codexHome, tmpDir }: Env, worktrees: readonly string[]): string[] {
  const { layers, rooms, prepared, warm, caches, sessions, requests, archived } = homePaths(home)
  const ofCodex = ['sessions', 'archived_sessions', 'worktrees'].map((name) => path.join(codexHome, name))
  const ours = [layers, rooms, prepared, warm, caches, sessions, requests, archived]
  const all = [...ours, ...ofCodex, tmpDir, ...worktrees]
  return [...new Set(all.filter(isDirectory).map(realPath))].filter(
    (dir) => !EMPTIED.some((emptied) => isWithin(dir, emptied)) && !isWithin(realPath(home), dir),
  )
}
