import fs from 'node:fs'
import { fsPath } from '../evidence/path-text.ts'
import { writtenPaths } from './layer.ts'

/**
 * Files of a tree that a layer above it hides though it names none of them: a directory that was removed and made again shows
 * nothing of what it held. `hiddenBelow` says which of some files are not seen any more; one of each directory does.
 */
export function hiddenSources(
  upper: string,
  root: string,
  present: ReadonlySet<string>,
  hiddenBelow: (files: readonly string[]) => readonly string[],
): readonly string[] {
  const written = writtenPaths(upper)
  if (![...written].some(([path, isDirectory]) => isDirectory && isThere(root, path))) return []
  const behind = new Map<string, string[]>()
  for (const file of present) {
    if (written.has(file)) continue
    const dir = directoryOf(file, written)
    if (dir === null) continue
    const files = behind.get(dir)
    if (files) files.push(file)
    else behind.set(dir, [file])
  }
  const witnesses = new Map<string, readonly string[]>()
  for (const files of behind.values()) {
    const witness = files.find((file) => isThere(root, file))
    if (witness !== undefined) witnesses.set(witness, files)
  }
  if (witnesses.size === 0) return []
  return hiddenBelow([...witnesses.keys()]).flatMap((witness) => witnesses.get(witness) ?? [])
}

/** The nearest that the layer has; null where it has none, or something else in its place, which is named as that. */
function directoryOf(file: string, written: ReadonlyMap<string, boolean>): string | null {
  for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1)) {
    const dir = file.slice(0, at)
    const isDirectory = written.get(dir)
    if (isDirectory !== undefined) return isDirectory ? dir : null
  }
  return null
}

/** One that git tracks need not be. A name that is no text cannot be asked for. */
function isThere(root: string, file: string): boolean {
  if (file.includes('\\x')) return false
  return fs.lstatSync(fsPath(root, file), { throwIfNoEntry: false }) !== undefined
}
