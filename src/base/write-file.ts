import fs from 'node:fs'
import path from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/** Replaces a file as a whole: temp file in the same directory, fsync, rename, fsync of the directory. Throws on a system error. */
export function writeFileWhole(file: string, data: string | Uint8Array, mode = 0o600): void {
  writeFileAtomic.sync(file, data as Buffer, { mode })
  syncDirectory(path.dirname(file))
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
