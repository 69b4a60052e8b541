import fs from 'node:fs'
import path from 'node:path'
import { sha256 } from '../../base/hash.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { START_SECONDS } from './copy-one.ts'
import type { StartFile, StartFiles } from './start-content.ts'

const RESTORED = 'restored '

/** In the record of a room: this path holds that, whatever the workspace has. */
export function restoredMark(was: StartFile | null): string {
  return `${RESTORED}${was === null ? '-' : `${was.kind} ${sha256(was.bytes)}`}`
}

/** Whether a record of a room speaks of a path that was put back. */
export function isRestored(state: string | undefined): boolean {
  return state?.startsWith(RESTORED) === true
}

/** With what has to go because a file that is put back stands in its way. `names`: what is there otherwise. */
export function withoutBelow(files: StartFiles, names: Iterable<string>): StartFiles {
  const all = new Map(files)
  for (const name of names)
    for (let at = path.posix.dirname(name); at !== '.'; at = path.posix.dirname(at))
      if (files.get(at) && !files.has(name)) all.set(name, null)
  return all
}

/** Puts these files into a tree where nothing stands in their place. Relative to the tree. */
export function writeStart(tree: string, files: StartFiles): void {
  for (const [file, was] of files) {
    if (was === null) continue
    const target = fsPath(tree, file)
    fs.mkdirSync(fsPath(tree, path.posix.dirname(file)), { recursive: true, mode: 0o755 })
    if (was.kind === 'l') fs.symlinkSync(was.bytes, target)
    else fs.writeFileSync(target, was.bytes, { mode: was.kind === 'x' ? 0o755 : 0o644, flag: 'wx' })
    fs.lutimesSync(target, START_SECONDS, START_SECONDS)
  }
}
