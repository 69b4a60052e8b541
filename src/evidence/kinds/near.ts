import fs from 'node:fs'
import { plainPath, globBase } from '../glob.ts'
import type { Seen } from '../found.ts'
import { fsPath, staysInside } from '../path-text.ts'
import type { Change } from '../types.ts'
import { typeAt } from './matches.ts'

/** Nothing is at the path; with a name of its directory that differs only in case or ending. */
export function missing(root: string, wanted: string): Seen {
  const path = plainPath(wanted)
  const nothing = { kind: 'missing', near: null, noDirectory: null } as const
  if (!staysInside(path)) return nothing
  const slash = path.lastIndexOf('/')
  const [dir, name] = [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)]
  const type = dir === '' ? 'directory' : typeAt(root, dir)
  if (type === null) return { ...nothing, noDirectory: dir }
  // A link in its place may lead out of the repository, where nothing is looked at.
  if (type !== 'directory') return nothing
  let names: string[]
  try {
    names = fs.readdirSync(fsPath(root, dir))
  } catch {
    return nothing
  }
  const stem = bare(name)
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
