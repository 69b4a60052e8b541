import { type Node, type ParseError, parseTree } from 'jsonc-parser'
import { type Member, type Tree, Unreadable, nodeBudget } from './tree.ts'

/** JSON, with the comments and last commas that settings of editors and compilers have. A key that stands twice is refused: tools differ in which they take. */
export function jsonTree(text: string): Tree {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { disallowComments: false, allowTrailingComma: true })
  if (!root || errors.length > 0) throw new Unreadable('it is not JSON')
  return treeOf(root, text, nodeBudget())
}

function treeOf(node: Node, text: string, count: () => void): Tree {
  count()
  if (node.type === 'array')
    return { kind: 'list', form: '', items: (node.children ?? []).map((one) => treeOf(one, text, count)) }
  if (node.type !== 'object') {
    const value: unknown = node.value
    // A number as it is written: two that JavaScript cannot tell apart are two all the same.
    return {
      kind: 'leaf',
      text:
        node.type === 'string' ? `text ${String(value)}` : text.slice(node.offset, node.offset + node.length),
    }
  }
  const members = new Map<string, Member>()
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? []
    const name = String(key?.value)
    if (!value) throw new Unreadable(`${JSON.stringify(name)} has no value`)
    if (members.has(name)) throw new Unreadable(`${JSON.stringify(name)} stands twice in one object`)
    members.set(name, { form: '', value: treeOf(value, text, count) })
  }
  return { kind: 'map', form: '', members }
}
