import fs from 'node:fs'

const CLOSE_ON_EXEC = 0o2000000

/**
 * Descriptors above stderr that whoever started us left open and that every child would get: a client's pipe, a lock, a
 * directory of the person. Node closes only its own. Linux tells of them; elsewhere the answer is empty.
 */
export function inheritedDescriptors(): readonly number[] {
  try {
    return fs
      .readdirSync('/proc/self/fd')
      .map(Number)
      .filter((fd) => fd > 2 && !closesOnExec(fd))
  } catch {
    return []
  }
}

function closesOnExec(fd: number): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1] ?? '0'
    return (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) !== 0
  } catch {
    // The directory that was read has been closed.
    return true
  }
}

/**
 * The rest of a child's stdio: `nothing` in the place of what we inherited, but for those that are `ours`. A descriptor is a
 * way around every sandbox.
 */
export function coveredDescriptors(nothing: number, ours: readonly number[] = []): (number | 'ignore')[] {
  const inherited = inheritedDescriptors().filter((fd) => !ours.includes(fd))
  const length = Math.max(0, ...inherited.map((fd) => fd - 2))
  return Array.from({ length }, (_, index) => (inherited.includes(index + 3) ? nothing : 'ignore'))
}
