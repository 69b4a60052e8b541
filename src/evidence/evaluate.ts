import type { Task } from '../contract/types.ts'
import { type EvidenceFact, some } from './found.ts'
import type { Checked, Looked, PathEvidence, Sight } from './kinds/check.ts'
import { checkOf } from './kinds/index.ts'
import { throughLinks } from './links.ts'

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
function evaluateOne(evidence: PathEvidence, looked: Looked): Checked {
  const check = checkOf(evidence.kind)
  const literal = check.now(evidence, looked)
  const through = throughLinks(looked.root, evidence, check.ofLinks)
  if (through === null) return literal
  const { target, links } = through
  return check.followed({
    literal,
    there: target && seenThrough(links, target, check.now(target, looked)),
    links,
    moved: looked.comparison.changes.find((change) => links.includes(change.path)),
  })
}

function seenThrough(links: readonly string[], target: PathEvidence, { met, found }: Sight): Checked {
  const to = target.path ?? ('glob' in target ? target.glob : undefined) ?? ''
  return { met, found: { kind: 'through', links: some(links), to, seen: found } }
}
