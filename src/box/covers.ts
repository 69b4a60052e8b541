import fs from 'node:fs'
import { realPath } from '../base/within.ts'

/** What lies within a place that a box writes, and is not written: absolute paths, those that are there. */
export interface Covers {
  readonly readOnly: readonly string[]
  /** Not even read: directories are empty, and so are files. */
  readonly hidden: readonly string[]
}

/** The arguments of bwrap for it, behind all that is written. What is hidden may lie within what is only read. */
export function coverArgs({ readOnly, hidden }: Covers): string[] {
  const real = (places: readonly string[]): string[] =>
    places.filter((one) => fs.existsSync(one)).map(realPath)
  return [
    ...real(readOnly).flatMap((place) => ['--ro-bind', place, place]),
    ...real(hidden).flatMap((place) =>
      fs.statSync(place).isDirectory() ? ['--tmpfs', place] : ['--ro-bind', '/dev/null', place],
    ),
  ]
}
