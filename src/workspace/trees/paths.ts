import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import type { OwnRepository, TreePlace } from './types.ts'

/** The judging checkout has a place like a worktree's, under a name that no worktree can have. */
export const JUDGE = 'judge'

export function worktreesOf(own: OwnRepository): string {
  return path.join(own.data, 'worktrees')
}

export function placeOf(own: OwnRepository, name: string): TreePlace {
  const dir = name === JUDGE ? path.join(own.data, JUDGE) : path.join(worktreesOf(own), name)
  return { dir, index: path.join(own.data, 'index', name) }
}

/** Where git keeps what it knows of a worktree. An agent's git finds it through the `.git` file. */
export function adminOf(own: OwnRepository, name: string): string {
  return path.join(own.dir, 'worktrees', name)
}

/** Codes: worktree-name. */
export function checkName(name: string): Result<void> {
  return name !== JUDGE && /^[a-z0-9][a-z0-9-]{0,99}$/.test(name)
    ? ok(undefined)
    : fail('worktree-name', `"${name}" cannot be the name of a worktree: use small letters, digits and -`)
}
