import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Workspace } from './workspace.ts'

const known = new WeakMap<Workspace, readonly string[]>()

/**
 * Directories above the root that an agent may write, nearest first, absolute: programs that search upwards for their
 * settings find them there too. A sandbox leaves the temp directories writable; what lies above them is out of reach.
 */
export function writableParents(workspace: Workspace): readonly string[] {
  let found = known.get(workspace)
  if (found === undefined) known.set(workspace, (found = find(real(workspace.root))))
  return found
}

function find(root: string): string[] {
  const dirs: string[] = []
  const temporary = [os.tmpdir(), '/tmp', '/var/tmp'].map(real)
  for (
    let at = path.dirname(root);
    temporary.some((dir) => at === dir || at.startsWith(`${dir}/`));
    at = path.dirname(at)
  )
    dirs.push(at)
  return dirs
}

function real(dir: string): string {
  try {
    return fs.realpathSync(dir)
  } catch {
    return path.resolve(dir)
  }
}
