import fs from 'node:fs'
import path from 'node:path'
import { plainPath, splitGlob } from './glob.ts'
import { staysInside } from './path-text.ts'

const MAX_LINKS = 40

/** Where a path of the workspace leads when links are followed. */
export interface Followed {
  /** Relative to the root; null when a link leads out of the workspace, into `.git`, or in circles. */
  readonly to: string | null
  /** The links on the way, relative to the root. */
  readonly links: readonly string[]
}

/**
 * Git names a file by the directory it lies in; people also name it through a linked directory. `last`: the path's own last
 * part is followed too. What is not there is taken as it is written.
 */
export function follow(root: string, relative: string, last: boolean): Followed {
  const links: string[] = []
  const rest = relative.split('/')
  let at = ''
  while (rest.length > 0) {
    const next = at === '' ? rest.shift()! : `${at}/${rest.shift()!}`
    const target = rest.length > 0 || last ? linkTarget(root, next) : null
    if (target === null) {
      at = next
      continue
    }
    links.push(next)
    const lead = path.posix.isAbsolute(target)
      ? path.posix.relative(root, target)
      : path.posix.join(path.posix.dirname(next), target)
    const inside = plainPath(lead)
    if (inside !== '.' && (!staysInside(inside) || /^\.git(\/|$)/.test(inside))) return { to: null, links }
    if (links.length > MAX_LINKS) return { to: null, links }
    rest.unshift(...(inside === '.' ? [] : inside.split('/')))
    at = ''
  }
  return { to: at, links }
}

/**
 * The same target with its path, or the fixed part of its glob, where the links lead; null when there are none on the way.
 * `ofLinks`: a path that names a link means that link.
 */
export function throughLinks<T extends { readonly path?: string; readonly glob?: string }>(
  root: string,
  target: T,
  ofLinks: boolean,
): { readonly target: T | null; readonly links: readonly string[] } | null {
  const plain = target.path === undefined ? null : plainPath(target.path)
  const { base, rest } = splitGlob(target.glob ?? '')
  const named = plain ?? base
  // Names that are no UTF-8 are looked at as they are.
  if (!staysInside(named) || named.includes('\\x')) return null
  const { to, links } = follow(root, named, plain === null || !ofLinks)
  if (links.length === 0) return null
  if (to === null || to === '') return { target: null, links }
  if (plain !== null) return { target: { ...target, path: to }, links }
  const literal = to.replace(/[\\*?[\]{}()!+@|]/g, '\\$&')
  return { target: { ...target, glob: `${literal}${rest}` }, links }
}

function linkTarget(root: string, relative: string): string | null {
  try {
    return fs.readlinkSync(`${root}/${relative}`)
  } catch {
    // No link, or nothing at all.
    return null
  }
}
