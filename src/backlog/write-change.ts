import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { realPath } from '../base/within.ts'
import { syncDirectory, writeFileWhole, writeNewFile } from '../base/write-file.ts'
import { backlogDirectory } from './item.ts'
import type { ProposedChange } from './proposed-change.ts'

/**
 * Writes a change into the backlog of a root: new files never over what is there, changed ones as a whole. New ones come first, so
 * that nothing names an item that is not there; where something cannot be written, all is put back. `before`: what the files that are
 * changed and removed said when a person was asked. Follows no link. Codes: io, proposal-stale.
 */
export function writeChange(
  root: string,
  { added, changed }: ProposedChange,
  removed: readonly string[],
  before: ReadonlyMap<string, string>,
): Result<void> {
  const directory = path.join(root, backlogDirectory)
  if (realPath(directory) !== path.join(realPath(root), backlogDirectory))
    return fail('io', `${directory} is reached through a symbolic link, and nothing is written there`)
  const at = (name: string): string => path.join(directory, name)
  const made: string[] = []
  const replaced: string[] = []
  try {
    const other = [...changed.map(({ name }) => name), ...removed].find(
      (name) => fs.readFileSync(at(name), 'utf8') !== before.get(name),
    )
    if (other !== undefined)
      return fail('proposal-stale', `${at(other)} was changed meanwhile, and nothing was written`, {
        fix: 'look at it, and repeat',
      })
    for (const { name, text } of added) {
      writeNewFile(at(name), text, 0o644)
      made.push(at(name))
    }
    for (const { name, text } of changed) {
      const { mode } = fs.lstatSync(at(name))
      writeFileWhole(at(name), text, mode & 0o777)
      replaced.push(name)
    }
    for (const name of removed) fs.unlinkSync(at(name))
    syncDirectory(directory)
    return ok(undefined)
  } catch (error) {
    // What was changed names the new ones, so it comes first.
    const left = putBack(replaced.map((name) => [at(name), before.get(name) ?? ''] as const))
    if (left === null) for (const file of made) fs.rmSync(file, { force: true })
    const half = left === null ? '' : `, and ${left} could not be put back`
    return fail('io', `a file in ${directory} could not be written: ${systemWords(error)}${half}`)
  }
}

/** The first that could not be; null: all are. */
function putBack(files: readonly (readonly [string, string])[]): string | null {
  for (const [file, text] of files)
    try {
      writeFileWhole(file, text, fs.lstatSync(file).mode & 0o777)
    } catch {
      return file
    }
  return null
}
