import fs from 'node:fs'

/**
 * Whether a process holds a kernel lock (`flock`) on this file, as the kernel tells it: nothing is taken to find out. Null: it does
 * not tell here.
 */
export function isLockHeld(file: string): boolean | null {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  if (stat === undefined) return false
  try {
    const held = fs.readFileSync('/proc/locks', 'latin1').split('\n')
    return held.some(
      (line) => /^\d+: FLOCK /.test(line) && line.split(/\s+/)[5]?.split(':')[2] === `${stat.ino}`,
    )
  } catch {
    return null
  }
}
