import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { readEnv } from '../base/env.ts'

/** Writes what is needed to find our mistake; answers with the file, or null when nothing can be written. No values of flags: they may be secrets. */
export function logBug(error: unknown, words: readonly string[], version: string): string | null {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const shown = words
    .filter((word, index) => index < 2 || word.startsWith('--'))
    .map((word) => word.split('=')[0])
  const text = `${new Date().toISOString()} autonomous-loop ${version}, node ${process.version}, ${process.platform}: ${shown.join(' ')}\n${what}\n\n`
  return places().find((file) => append(file, text)) ?? null
}

function places(): string[] {
  const fallback = path.join(os.tmpdir(), `autonomous-loop-debug-${process.getuid?.() ?? 0}.log`)
  try {
    return [path.join(readEnv().home, 'debug.log'), fallback]
  } catch {
    return [fallback]
  }
}

function append(file: string, text: string): boolean {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants
  try {
    // The temp directory is anybody's: no link is followed, no FIFO waited for.
    const fd = fs.openSync(file, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0o600)
    try {
      if (!fs.fstatSync(fd).isFile()) return false
      fs.writeSync(fd, text)
      return true
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return false
  }
}
