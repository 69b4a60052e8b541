import fs from 'node:fs'
import path from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/**
 * Replaces a file as a whole: temp file in the same directory, fsync, rename, fsync of the directory. A link in its place
 * is itself replaced: write-file-atomic would follow it and replace what it points to. Throws on a system error.
 */
export function writeFileWhole(file: string, data: string | Uint8Array, mode = 0o600): void {
  if (fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) fs.unlinkSync(file)
  writeFileAtomic.sync(file, data as Buffer, { mode })
  syncDirectory(path.dirname(file))
}

/** Writes a file that must not be there yet; one that cannot be written whole is removed again. Throws on a system error; EEXIST: it is there. */
export function writeNewFile(file: string, data: string, mode: number): void {
  const fd = fs.openSync(file, 'wx', mode)
  try {
    fs.writeFileSync(fd, data)
  } catch (error) {
    fs.rmSync(file, { force: true })
    throw error
  } finally {
    fs.closeSync(fd)
  }
}

/** Makes a rename or unlink in this directory survive a power cut (write-file-atomic does not do it). */
export function syncDirectory(dir: string): void {
  const fd = fs.openSync(dir, fs.constants.O_RDONLY)
  try {
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}
