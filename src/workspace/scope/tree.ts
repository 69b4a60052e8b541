import { type Sha256, sha256 } from '../../base/hash.ts'
import { never } from '../../base/result.ts'

/**
 * What a structured file says, whatever its format and without comments, white space and quotes that mean nothing. `form` tells
 * apart what a parser might take for something else (a tag of YAML, a key that is quoted).
 */
export type Tree =
  | { readonly kind: 'map'; readonly form: string; readonly members: ReadonlyMap<string, Member> }
  | { readonly kind: 'list'; readonly form: string; readonly items: readonly Tree[] }
  | { readonly kind: 'leaf'; readonly text: string }

export interface Member {
  readonly form: string
  readonly value: Tree
}

/** What a text comes to. `why` is for people. */
export type TreeRead =
  | { readonly ok: true; readonly tree: Tree }
  | { readonly ok: false; readonly why: string }

/** Thrown while a text is read, and caught where the reading began. */
export class Unreadable extends Error {}

/** More values than this are not compared: aliases of YAML can stand for any number. */
const MOST_NODES = 200_000

/** Counts values while a tree is made. */
export function nodeBudget(): () => void {
  let left = MOST_NODES
  return () => {
    left -= 1
    if (left < 0) throw new Unreadable(`it has more than ${MOST_NODES} values`)
  }
}

/** The same for equal trees, and no other; `-` for nothing. */
export function treeDigest(tree: Tree | undefined): Sha256 | '-' {
  return tree === undefined ? '-' : sha256(JSON.stringify(plain(tree)))
}

export function equalTrees(a: Tree | undefined, b: Tree | undefined): boolean {
  return a === b || JSON.stringify(a && plain(a)) === JSON.stringify(b && plain(b))
}

function plain(tree: Tree): unknown {
  switch (tree.kind) {
    case 'leaf':
      return tree.text
    case 'list':
      return [tree.form, tree.items.map(plain)]
    case 'map':
      return [tree.form, [...tree.members].map(([name, { form, value }]) => [name, form, plain(value)])]
    default:
      return never(tree, 'tree')
  }
}
