// Which TypeScript files import which: what scripts/rooms.js and the lanes of the tests (jest.config.js) rest on.
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** Statements begin a line, as the formatter leaves them; `import()` may stand anywhere. */
const STATEMENT = /^(?:import|export)\s+(type\s)?[^'"`;=()]*?\bfrom\s*'([^']+)'/gm
const FOR_EFFECT = /^import\s*'([^']+)'/gm
const CALL = /\bimport\(\s*'([^']+)'\s*\)/g

/** @typedef {{ readonly from: string, readonly typesOnly: boolean }} Import */

/**
 * Every `.ts` file below a directory, as paths relative to `root`, sorted.
 * @type {(root: string, directory: string) => string[]}
 */
export function filesBelow(root, directory) {
  return readdirSync(path.join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.posix.join(directory, file.split(path.sep).join('/')))
    .sort()
}

/**
 * What a text imports; `from` are the words between the quotes. Only `import type` takes only types: node and the bundler load
 * what `import { type A }` names.
 * @type {(text: string) => Import[]}
 */
export function importsIn(text) {
  const found = []
  for (const [, type, from] of text.matchAll(STATEMENT)) found.push({ from, typesOnly: type !== undefined })
  for (const [, from] of text.matchAll(FOR_EFFECT)) found.push({ from, typesOnly: false })
  for (const [, from] of text.matchAll(CALL)) found.push({ from, typesOnly: false })
  return found
}

/**
 * The text of each file and what it imports; `to` is the file that is meant, null outside of the project.
 * @type {(root: string, files: readonly string[]) => Map<string, { text: string, imports: (Import & { to: string | null })[] }>}
 */
export function readImports(root, files) {
  return new Map(
    files.map((file) => {
      const text = readFileSync(path.join(root, file), 'utf8')
      const imports = importsIn(text).map((one) => ({
        ...one,
        to: one.from.startsWith('.') ? path.posix.join(path.posix.dirname(file), one.from) : null,
      }))
      return [file, { text, imports }]
    }),
  )
}

/**
 * Groups of nodes of which each leads to all others, and nodes that lead to themselves (Tarjan).
 * @type {(next: ReadonlyMap<string, ReadonlySet<string>>) => string[][]}
 */
export function circles(next) {
  const [order, low, stack, found] = [new Map(), new Map(), [], []]
  const visit = (node) => {
    order.set(node, order.size)
    low.set(node, order.get(node))
    stack.push(node)
    for (const other of next.get(node) ?? []) {
      if (!order.has(other)) visit(other)
      if (stack.includes(other)) low.set(node, Math.min(low.get(node), low.get(other)))
    }
    if (low.get(node) !== order.get(node)) return
    const group = stack.splice(stack.indexOf(node))
    if (group.length > 1 || next.get(node)?.has(node)) found.push(group)
  }
  for (const node of next.keys()) if (!order.has(node)) visit(node)
  return found
}
