import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { statAt } from './stat-at.ts'

/**
 * Copies what prepared layers hold into a tree, later ones over earlier ones. No file is shared with the layer: what an agent
 * writes there stays with the agent. Codes: worktree-failed.
 */
export async function copyLayers(layers: readonly string[], dir: string): Promise<Result<void>> {
  for (const layer of layers) {
    try {
      await promisify(execFile)('/bin/cp', ['-RpP', `${layer}/.`, dir], { env: {} })
    } catch (error) {
      const said = (error as { readonly stderr?: string }).stderr?.trim() || systemWords(error)
      return fail('worktree-failed', `what was prepared could not be copied to ${dir}: ${said.slice(0, 500)}`)
    }
  }
  return ok(undefined)
}

/** Copies one file or link of the last layer that has it. False: none has. Throws what the file system says. */
export function copyFromLayers(layers: readonly string[], dir: string, file: string): boolean {
  for (const layer of layers.toReversed()) {
    const from = fsPath(layer, file)
    const stat = statAt(layer, file)
    if (stat === undefined || stat.isDirectory()) continue
    const to = fsPath(dir, file)
    fs.mkdirSync(fsPath(dir, path.posix.dirname(file)), { recursive: true })
    if (stat.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(from, { encoding: 'buffer' }), to)
    else if (stat.isFile()) {
      fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE)
      fs.chmodSync(to, stat.mode & 0o7777)
      fs.utimesSync(to, stat.atime, stat.mtime)
    } else continue
    return true
  }
  return false
}
