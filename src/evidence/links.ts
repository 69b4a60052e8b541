import fs from 'node:fs'
import path from 'node:path'
import type { Evidence } from '../contract/types.ts'
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

export type PathEvidence = Exclude<Evidence, { kind: 'commandRef' }>

/** The same evidence with its path, or the fixed part of its glob, where the links lead; null when there are none on the way. */
export function throughLinks(
  root: string,
  evidence: PathEvidence,
): { readonly evidence: PathEvidence | null; readonly links: readonly string[] } | null {
  const plain = evidence.path === undefined ? null : plainPath(evidence.path)
  const { base, rest } = splitGlob('glob' in evidence ? (evidence.glob ?? '') : '')
  const named = plain ?? base
  // Names that are no UTF-8 are looked at as they are.
  if (!staysInside(named) || named.includes('\\x')) return null
  const isItself = evidence.kind === 'pathExists' || evidence.kind === 'pathAbsent'
  const { to, links } = follow(root, named, plain === null || !isItself)
  if (links.length === 0) return null
  if (to === null || to === '') return { evidence: null, links }
  if (plain !== null) return { evidence: { ...evidence, path: to }, links }
  const literal = to.replace(/[\\*?[\]{}()!+@|]/g, '\\$&')
  return { evidence: { ...evidence, glob: `${literal}${rest}` } as PathEvidence, links }
}

function linkTarget(root: string, relative: string): string | null {
  try {
    return fs.readlinkSync(`${root}/${relative}`)
  } catch {
    // No link, or nothing at all.
    return null
  }
}
