import fs from 'node:fs'
import path from 'node:path'
import { fsPath } from '../../evidence/path-text.ts'
import { START_SECONDS } from './copy-one.ts'
import type { StartFiles } from './start-content.ts'

/** In the record of a room: this path is as it was at the start, whatever the workspace has. */
export const RESTORED = 'restored'

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
