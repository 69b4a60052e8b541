import { scopeEntryHint, scopeHint } from './hints.ts'
import { show } from './problem.ts'
import { scopeProblem } from './scope.ts'
import type { Problem } from './types.ts'

/** Most entries of a contract's scope. */
const MOST = 500

/** What is wrong with the scope of a contract, as a request gives it. */
export function contractScopeProblems(scope: readonly string[] | null | undefined): Problem[] {
  if (!scope) return []
  if (scope.length === 0 || scope.length > MOST)
    return [{ path: 'scope', found: `${scope.length} entries`, ...scopeHint }]
  return scope.flatMap((entry, index) => {
    const problem = scopeProblem(entry)
    return problem === null
      ? []
      : [
          {
            path: `scope[${index}]`,
            found: show(entry),
            allowed: problem.allowed,
            example: show(problem.example || scopeEntryHint.example),
          },
        ]
  })
}
