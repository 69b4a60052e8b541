import fs from 'node:fs'
import path from 'node:path'

/** Change times of paths below a root, as the kernel keeps them: no program can set them back. */
export type ChangeTimes = ReadonlyMap<string, string>

/** Missing paths have none. Paths are relative to the root. */
export function changeTimes(root: string, paths: Iterable<string>): ChangeTimes {
  const times = new Map<string, string>()
  for (const relative of paths) times.set(relative, timeOf(path.join(root, relative)))
  return times
}

/** Paths that were written since, also when they hold now what they held then; sorted. */
export function touchedSince(root: string, before: ChangeTimes): string[] {
  return [...before]
    .filter(([relative, time]) => timeOf(path.join(root, relative)) !== time)
    .map(([p]) => p)
    .sort()
}

function timeOf(file: string): string {
  try {
    const stat = fs.lstatSync(file, { bigint: true })
    return `${stat.ino} ${stat.ctimeNs}`
  } catch {
    return '-'
  }
}
