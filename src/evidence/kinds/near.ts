import fs from 'node:fs'
import { plainPath, globBase } from '../glob.ts'
import type { Seen } from '../found.ts'
import { staysInside } from '../path-text.ts'
import type { Change } from '../types.ts'

/** Nothing is at the path; with a name of its directory that differs only in case or ending. */
export function missing(root: string, wanted: string): Seen {
  const path = plainPath(wanted)
  const nothing = { kind: 'missing', near: null, noDirectory: null } as const
  if (!staysInside(path)) return nothing
  const slash = path.lastIndexOf('/')
  const [dir, name] = [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)]
  let names: string[]
  try {
    names = fs.readdirSync(dir === '' ? root : `${root}/${dir}`)
  } catch {
    return dir === '' ? nothing : { ...nothing, noDirectory: dir }
  }
  const stem = bare(name)
  // The very name is there, but below a link that leads to where nothing is looked at.
  if (names.includes(name)) return nothing
  const near =
    names.find((other) => other.toLowerCase() === name.toLowerCase()) ??
    names.find((other) => bare(other) === stem)
  return near === undefined ? nothing : { ...nothing, near: dir === '' ? near : `${dir}/${near}` }
}

/** Changed paths, those first that share the most with what was asked for. */
export function nearChange(wanted: string, changes: readonly Change[]): string[] {
  const base = globBase(wanted).toLowerCase()
  const name = wanted.slice(wanted.lastIndexOf('/') + 1).toLowerCase()
  const score = (path: string): number => {
    const lower = path.toLowerCase()
    if (lower.endsWith(`/${name}`) || lower === name) return 2
    return base !== '' && lower.startsWith(base.split('/')[0]!) ? 1 : 0
  }
  return changes.map((change) => change.path).sort((a, b) => score(b) - score(a))
}

function bare(name: string): string {
  return name.toLowerCase().replace(/(?<=.)\.[^.]*$/, '')
}
