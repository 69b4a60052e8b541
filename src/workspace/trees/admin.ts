import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { writeSettings } from './own-settings.ts'
import { adminOf, placeOf } from './paths.ts'
import { removeAt } from './remove.ts'
import type { OwnRepository } from './types.ts'

/**
 * What makes the directory a worktree for whoever runs git in it: as `git worktree add --detach` would, and nothing that somebody
 * left there, nor in the repository behind it. Its index is a copy of ours. Throws what the file system says.
 */
export function writeAdmin(own: OwnRepository, name: string, commit: string): void {
  const admin = adminOf(own, name)
  const { dir, index } = placeOf(own, name)
  writeSettings(own)
  fs.rmSync(admin, { recursive: true, force: true })
  fs.mkdirSync(admin, { recursive: true, mode: 0o700 })
  fs.writeFileSync(path.join(admin, 'commondir'), '../..\n')
  fs.writeFileSync(path.join(admin, 'gitdir'), `${dir}/.git\n`)
  fs.writeFileSync(path.join(admin, 'HEAD'), `${commit}\n`)
  fs.copyFileSync(index, path.join(admin, 'index'))
  if (!isPointer(own, name)) {
    removeAt(dir, '.git')
    writeFileWhole(path.join(dir, '.git'), pointerIn(own, name), 0o644)
  }
}

/** Whether the `.git` of the worktree is the one that we wrote. */
export function isPointer(own: OwnRepository, name: string, dir = placeOf(own, name).dir): boolean {
  const read = readTextSafe(path.join(dir, '.git'), { maxBytes: 1 << 16 })
  return read.ok && read.value === pointerIn(own, name)
}

/** What stands in the `.git` of a worktree. */
export function pointerIn(own: OwnRepository, name: string): string {
  return `gitdir: ${adminOf(own, name)}\n`
}
