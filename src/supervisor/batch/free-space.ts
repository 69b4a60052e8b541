import fs from 'node:fs'
import path from 'node:path'

/** Below this no batch begins, and an open one begins nothing more. Bytes. */
export const LEAST_FREE = 2 * 2 ** 30

/** Bytes that a user can still write where this directory is, or would be. */
export function freeBytes(dir: string): number {
  for (let at = dir; ; at = path.dirname(at)) {
    try {
      const { bavail, bsize } = fs.statfsSync(at)
      return bavail * bsize
    } catch (error) {
      if (at === path.dirname(at)) throw error
    }
  }
}
