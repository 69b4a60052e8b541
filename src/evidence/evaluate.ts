import { never } from '../base/result.ts'
import type { Evidence, Task } from '../contract/types.ts'
import type { Finding, Looked } from './kinds/context.ts'
import { fileMatches } from './kinds/file-matches.ts'
import { pathAbsent } from './kinds/path-absent.ts'
import { pathChanged, pathUnchanged } from './kinds/path-changed.ts'
import { pathExists } from './kinds/path-exists.ts'
import type { EvidenceFact } from './types.ts'

/** Looks at every evidence but commandRef (that is a gate's), in the order of the tasks. `index` counts within the task's evidence. */
export async function evaluate(tasks: readonly Task[], looked: Looked): Promise<EvidenceFact[]> {
  return tasks.flatMap((task) =>
    task.evidence.flatMap((evidence, index) => {
      const finding = evaluateOne(evidence, looked)
      return finding ? [{ taskId: task.id, index, ...finding }] : []
    }),
  )
}

function evaluateOne(evidence: Evidence, looked: Looked): Finding | null {
  switch (evidence.kind) {
    case 'pathExists':
      return pathExists(evidence, looked)
    case 'pathAbsent':
      return pathAbsent(evidence, looked)
    case 'pathChanged':
      return pathChanged(evidence, looked)
    case 'pathUnchanged':
      return pathUnchanged(evidence, looked)
    case 'fileMatches':
      return fileMatches(evidence, looked)
    case 'commandRef':
      return null
    default:
      return never(evidence, 'evidence kind')
  }
}
