import { type Node, parseTree } from 'jsonc-parser'

/**
 * The first field that an object of a JSON text names twice; null: none does. The last one would count, so that two verdicts would be one.
 * Pure.
 */
export function fieldTwice(text: string): string | null {
  const root = parseTree(text)
  return root === undefined ? null : twiceIn(root)
}

function twiceIn(node: Node): string | null {
  const names = new Set<string>()
  for (const child of node.children ?? []) {
    if (node.type === 'object') {
      const name = String(child.children?.[0]?.value)
      if (names.has(name)) return name
      names.add(name)
    }
    const inside = twiceIn(child)
    if (inside !== null) return inside
  }
  return null
}
