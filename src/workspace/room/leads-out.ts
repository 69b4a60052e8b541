import fs from 'node:fs'
import { fsPath, pathBytes } from '../../evidence/path-text.ts'

/** More are a circle. As the kernel counts. */
const MOST_LINKS = 40

export interface LinkedTree {
  /** Where the tree lies. */
  readonly dir: string
  /** Its place for who reads links in it. */
  readonly top: string
}

/**
 * Whether a link of a tree leads out of it: what is read through it is no part of the work. Also by way of other links. What is
 * missing on the way counts as a directory that may still be made.
 */
export function leadsOut({ dir, top }: LinkedTree, link: string): boolean {
  const own = pathBytes(link).toString('latin1').split('/')
  const at: string[] = []
  const ahead = [...own]
  let links = 0
  for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      if (at.length === 0) return true
      at.pop()
      continue
    }
    const text = linkText(dir, [...at, name])
    if (text === null) {
      at.push(name)
      continue
    }
    links += 1
    if (links > MOST_LINKS) return false
    if (!text.startsWith('/')) ahead.unshift(...text.split('/'))
    else {
      const inside = below(text, Buffer.from(top).toString('latin1'))
      if (inside === null) return true
      at.length = 0
      ahead.unshift(...inside)
    }
  }
  return false
}

function linkText(dir: string, names: readonly string[]): string | null {
  const place = Buffer.concat([Buffer.from(`${dir}/`), Buffer.from(names.join('/'), 'latin1')])
  try {
    return fs.readlinkSync(place, { encoding: 'buffer' }).toString('latin1')
  } catch {
    return null
  }
}

/** The way from the top, as it is spelled: `/repo/../x` leads out and in again by nobody's leave. */
function below(text: string, top: string): string[] | null {
  const names = text.split('/').filter((name) => name !== '' && name !== '.')
  const tops = top.split('/').filter((name) => name !== '')
  return tops.every((name, nth) => names[nth] === name) ? names.slice(tops.length) : null
}

/** Takes these links out of the tree and gives them; they lead out of it. */
export function removeLeadingOut(tree: LinkedTree, links: Iterable<string>): string[] {
  const out = [...links].filter((link) => leadsOut(tree, link))
  for (const link of out) fs.unlinkSync(fsPath(tree.dir, link))
  return out.sort()
}
