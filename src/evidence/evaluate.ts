import { never } from '../base/result.ts'
import type { Task } from '../contract/types.ts'
import type { Finding, Looked } from './kinds/context.ts'
import { fileMatches } from './kinds/file-matches.ts'
import { pathAbsent } from './kinds/path-absent.ts'
import { pathChanged, pathUnchanged } from './kinds/path-changed.ts'
import { pathExists } from './kinds/path-exists.ts'
import { type PathEvidence, throughLinks } from './links.ts'
import { showPath } from './path-text.ts'
import type { EvidenceFact } from './types.ts'

/** Looks at every evidence but commandRef (that is a gate's), in the order of the tasks. `index` counts within the task's evidence. */
export async function evaluate(tasks: readonly Task[], looked: Looked): Promise<EvidenceFact[]> {
  return tasks.flatMap((task) =>
    task.evidence.flatMap((evidence, index) => {
      const finding = evidence.kind === 'commandRef' ? null : evaluateFollowed(evidence, looked)
      return finding ? [{ taskId: task.id, index, ...finding }] : []
    }),
  )
}

/**
 * A path through linked directories means the place it leads to, as long as that is in the workspace. What must stay or be
 * gone is asked of both names, and a link on the way to what must stay has to stay itself.
 */
function evaluateFollowed(evidence: PathEvidence, looked: Looked): Finding {
  const literal = evaluateOne(evidence, looked)
  const through = throughLinks(looked.root, evidence)
  if (through === null) return literal
  const named = evidence.path ?? ('glob' in evidence ? evidence.glob : undefined) ?? ''
  const by = `${showPath(named)} through the link ${through.links.map(showPath).join(', ')}`
  const real = through.evidence === null ? null : evaluateOne(through.evidence, looked)
  const there = real && { met: real.met, detail: `${real.detail} (${by})` }
  switch (evidence.kind) {
    case 'pathUnchanged': {
      const moved = looked.comparison.changes.find((change) => through.links.includes(change.path))
      if (moved)
        return {
          met: false,
          detail: `${literal.detail}, but ${showPath(moved.path)}, a link on the way, differs`,
        }
      return literal.met && there !== null ? there : literal
    }
    case 'pathAbsent':
      if (there === null)
        return { met: false, detail: `${literal.detail}, but out of the repository leads ${by}` }
      return literal.met ? there : literal
    case 'pathExists':
    case 'pathChanged':
      return literal.met || there === null ? literal : there
    case 'fileMatches':
      return there ?? literal
    default:
      return never(evidence, 'evidence kind')
  }
}

function evaluateOne(evidence: PathEvidence, looked: Looked): Finding {
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
    default:
      return never(evidence, 'evidence kind')
  }
}
