import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { removeAt } from './remove.ts'
import type { OwnRepository } from './types.ts'

/**
 * Makes what git reads in our repository besides objects and refs what we want it to be. An agent without a sandbox may have written
 * there, and the next one runs git there too. Throws what the file system says.
 */
export function writeSettings(own: OwnRepository): void {
  for (const name of ['hooks', 'config.worktree']) removeAt(own.dir, name)
  const info = path.join(own.dir, 'info')
  if (fs.lstatSync(info, { throwIfNoEntry: false })?.isDirectory() !== true) removeAt(own.dir, 'info')
  for (const name of namesIn(info)) if (name !== 'exclude') removeAt(info, name)
  fs.mkdirSync(info, { recursive: true, mode: 0o700 })
  writeIfOther(path.join(info, 'exclude'), own.shadow.settings.excludes)
  writeIfOther(path.join(own.dir, 'config'), configOf(own))
  writeShallow(own)
}

/** Where history ends in a shallow clone. What a person fetched since then ends where it did before. */
function writeShallow(own: OwnRepository): void {
  const ends = (dir: string): string | null => {
    const read = readTextSafe(path.join(dir, 'shallow'), { maxBytes: 1 << 26 })
    return read.ok ? read.value : null
  }
  const text = ends(own.person.commonDir) ?? ends(own.shadow.dir)
  if (text === null) return removeAt(own.dir, 'shallow')
  for (const dir of [own.dir, own.shadow.dir]) writeIfOther(path.join(dir, 'shallow'), text)
}

/** Others may be reading it. */
function writeIfOther(file: string, text: string): void {
  const read = readTextSafe(file, { maxBytes: 1 << 26 })
  if (read.ok && read.value === text) return
  removeAt(path.dirname(file), path.basename(file))
  writeFileWhole(file, text)
}

function configOf({ format, shadow: { settings } }: OwnRepository): string {
  const sha256 = format === 'sha256'
  return [
    '[core]',
    `\trepositoryformatversion = ${sha256 ? 1 : 0}`,
    '\tbare = true',
    ...(settings.fileMode === false ? ['\tfilemode = false'] : []),
    ...(settings.autocrlf === null ? [] : [`\tautocrlf = ${settings.autocrlf}`]),
    ...(settings.eol === null ? [] : [`\teol = ${settings.eol}`]),
    // Attempts are known by refs of ours, and joined trees by none until they are committed.
    '[gc]',
    '\tauto = 0',
    ...(sha256 ? ['[extensions]', '\tobjectFormat = sha256'] : []),
    '',
  ].join('\n')
}
