import type { Evidence } from '../../contract/types.ts'
import type { Finding, Looked } from './context.ts'
import { filesMatching, typeAt } from './matches.ts'
import { some, target } from './words.ts'

/** Nothing is at the path, or no file matches the glob. */
export function pathAbsent(evidence: Evidence & { kind: 'pathAbsent' }, { root }: Looked): Finding {
  const what = `pathAbsent ${target(evidence)}`
  if (evidence.path !== undefined) {
    const type = typeAt(root, evidence.path)
    return type === null
      ? { met: true, detail: `${what}: nothing is there` }
      : { met: false, detail: `${what}: a ${type} is still there` }
  }
  const { found } = filesMatching(root, evidence.glob ?? '', 20)
  return found.length === 0
    ? { met: true, detail: `${what}: no file matches` }
    : { met: false, detail: `${what}: still there: ${some(found)}` }
}
