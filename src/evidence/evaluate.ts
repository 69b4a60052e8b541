import type { Task } from '../contract/types.ts'
import type { Finding, Looked, PathEvidence } from './kinds/check.ts'
import { checkOf } from './kinds/index.ts'
import { throughLinks } from './links.ts'
import { showPath } from './path-text.ts'
import type { EvidenceFact } from './types.ts'

/** Looks at every evidence but commandRef (that is a gate's), in the order of the tasks. `index` counts within the task's evidence. */
export async function evaluate(tasks: readonly Task[], looked: Looked): Promise<EvidenceFact[]> {
  return tasks.flatMap((task) =>
    task.evidence.flatMap((evidence, index) => {
      const finding = evidence.kind === 'commandRef' ? null : evaluateOne(evidence, looked)
      return finding ? [{ taskId: task.id, index, ...finding }] : []
    }),
  )
}

/**
 * A path through linked directories means the place it leads to, as long as that is in the workspace. Which of the two names
 * counts is for the kind to say.
 */
function evaluateOne(evidence: PathEvidence, looked: Looked): Finding {
  const check = checkOf(evidence.kind)
  const literal = check.now(evidence, looked)
  const through = throughLinks(looked.root, evidence, check.ofLinks)
  if (through === null) return literal
  const named = evidence.path ?? ('glob' in evidence ? evidence.glob : undefined) ?? ''
  const by = `${showPath(named)} through the link ${through.links.map(showPath).join(', ')}`
  const real = through.target === null ? null : check.now(through.target, looked)
  return check.followed({
    literal,
    there: real && { met: real.met, detail: `${real.detail} (${by})` },
    by,
    moved: looked.comparison.changes.find((change) => through.links.includes(change.path)),
  })
}
