import { askedFor } from '../contract/evidence-kinds.ts'
import { where } from '../contract/problem.ts'
import { readScopeEntry, scopesOf } from '../contract/scope.ts'
import type { Evidence, Problem } from '../contract/types.ts'
import { compileNamed, globBase } from '../evidence/glob.ts'
import type { Item } from './item.ts'
import { protectedPaths } from './protected-paths.ts'

/**
 * Evidence of required tasks that nothing can ever meet, because the scope forbids the change that it asks for. Of globs only what is
 * certain: that they have no directory in common. Whether evidence holds already is asked of a workspace, see vacuous.ts. Pure.
 */
export function evidenceProblems(item: Item): Problem[] {
  return item.contract.tasks.flatMap((task, at) =>
    task.required
      ? task.evidence.flatMap((one, index) => unmeetable(item, one, where('tasks', [at, 'evidence', index])))
      : [],
  )
}

function unmeetable(item: Item, evidence: Evidence, place: string): Problem[] {
  if (evidence.kind !== 'pathChanged') return []
  const closed = scopesOf(item.contract).find((scope) => !scope.some((entry) => canMeet(entry, evidence)))
  const forbidden =
    evidence.path === undefined ? undefined : protectedPaths({ protect: [] }, item, [evidence.path])[0]
  if (closed === undefined && forbidden === undefined) return []
  return [
    {
      path: place,
      found: askedFor(evidence),
      allowed:
        closed === undefined
          ? `no change of what is protected: ${forbidden?.why ?? ''}`
          : `a change inside of the scope: ${closed.join(', ')}`,
      example: `scope: [${[...item.scope, evidence.path ?? evidence.glob ?? ''].join(', ')}]`,
    },
  ]
}

type Changed = Extract<Evidence, { readonly kind: 'pathChanged' }>

/** Whether a change that the entry allows may be the one that is asked for. */
function canMeet(entry: string, asked: Changed): boolean {
  const { glob, path } = readScopeEntry(entry)
  if (path !== null && asked.glob !== undefined && compileNamed({ glob: asked.glob })(path)) return true
  if (asked.path !== undefined) {
    if (compileNamed({ glob })(asked.path)) return true
    const base = path ?? globBase(glob)
    // A name with a dot is taken for a file, below which nothing lies.
    const isFile = /[^/.][^/]*\.[^/]+$/.test(asked.path)
    return isBelow(base, asked.path) || (path === null && !isFile && isBelow(asked.path, base))
  }
  const [one, other] = [path ?? globBase(glob), globBase(asked.glob ?? '')]
  return isBelow(one, other) || isBelow(other, one)
}

/** Also itself; everything is below ''. */
function isBelow(path: string, directory: string): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`)
}
