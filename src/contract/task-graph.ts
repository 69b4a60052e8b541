import { show } from './problem.ts'
import type { Problem } from './types.ts'

/** A task as its dependencies see it. `null` stands for what could not be read: it is neither known nor unknown. */
export interface GraphNode {
  /** Where it lies, such as `tasks[0]`. */
  readonly place: string
  readonly id: string | null
  readonly dependsOn: readonly (string | null)[]
}

/**
 * Duplicate ids, unknown dependencies and cycles among the nodes. `known` are ids that exist besides them (of an open
 * run); null when those are not known, which leaves unknown dependencies unjudged.
 */
export function graphProblems(nodes: readonly GraphNode[], known: ReadonlySet<string> | null): Problem[] {
  return [...duplicates(nodes), ...(known === null ? [] : unknown(nodes, known)), ...cycles(nodes)]
}

function duplicates(nodes: readonly GraphNode[]): Problem[] {
  const first = new Map<string, string>()
  return nodes.flatMap(({ id, place }): Problem[] => {
    if (id === null) return []
    const earlier = first.get(id)
    if (earlier === undefined) {
      first.set(id, place)
      return []
    }
    return [
      {
        path: `${place}.id`,
        found: `${show(id)}, which ${earlier} already has`,
        allowed: 'an id that no other task has',
        example: show(freeId(new Set(nodes.map((node) => node.id)))),
      },
    ]
  })
}

function unknown(nodes: readonly GraphNode[], known: ReadonlySet<string>): Problem[] {
  const ids = new Set([...known, ...nodes.flatMap(({ id }) => id ?? [])])
  return nodes.flatMap((node) =>
    node.dependsOn.flatMap((id, index): Problem[] => {
      if (id === null || ids.has(id)) return []
      const others = [...ids].filter((other) => other !== node.id)
      return [
        {
          path: `${node.place}.dependsOn[${index}]`,
          found: show(id),
          allowed:
            others.length === 0 ? 'no dependency: there is no other task' : `a task: ${others.join(', ')}`,
          example: others[0] === undefined ? '"dependsOn": []' : show(others[0]),
        },
      ]
    }),
  )
}

/** One problem per cycle, at the task where a walk along the dependencies first closes it. */
export function cycles(nodes: readonly GraphNode[]): Problem[] {
  const byId = new Map<string, GraphNode>()
  for (const node of nodes) if (node.id !== null && !byId.has(node.id)) byId.set(node.id, node)
  const done = new Set<string>()
  const problems: Problem[] = []
  const walk = (node: GraphNode, id: string, path: readonly string[]): void => {
    if (done.has(id)) return
    for (const next of node.dependsOn) {
      const target = next === null ? undefined : byId.get(next)
      if (next === null || target === undefined) continue
      const from = [...path, id].indexOf(next)
      if (from === -1) walk(target, next, [...path, id])
      else
        problems.push({
          path: `${node.place}.dependsOn`,
          found: `a cycle: ${[...path, id].slice(from).concat(next).join(' → ')}`,
          allowed: 'dependencies that lead to an end',
          example: `[${node.dependsOn
            .filter((other) => other !== next)
            .map((other) => show(other))
            .join(', ')}]`,
        })
    }
    done.add(id)
  }
  for (const [id, node] of byId) walk(node, id, [])
  return problems
}

function freeId(taken: ReadonlySet<string | null>): string {
  let number = 1
  while (taken.has(`T${number}`)) number++
  return `T${number}`
}
