import fs from 'node:fs'
import path from 'node:path'
import { sha256 } from '../base/hash.ts'

/** Files and what they hold: path → mode and digest, or where a link leads. */
export type Picture = ReadonlyMap<string, string>

/** These files, and every file below these directories. What is not there is in the picture as missing. */
export function pictureOf(places: readonly string[]): Picture {
  return new Map(places.flatMap(filesBelow).map((file) => [file, looksLike(file)]))
}

/** Paths that came, went or changed. */
export function differences(before: Picture, after: Picture): string[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].filter((name) => before.get(name) !== after.get(name)).toSorted()
}

function filesBelow(file: string): string[] {
  try {
    if (!fs.lstatSync(file).isDirectory()) return [file]
    return fs.readdirSync(file).flatMap((name) => filesBelow(path.join(file, name)))
  } catch {
    return [file]
  }
}

function looksLike(file: string): string {
  try {
    const stat = fs.lstatSync(file)
    if (stat.isSymbolicLink()) return `-> ${fs.readlinkSync(file)}`
    return `${stat.mode.toString(8)} ${stat.isFile() ? sha256(fs.readFileSync(file)) : ''}`
  } catch {
    return 'missing'
  }
}
