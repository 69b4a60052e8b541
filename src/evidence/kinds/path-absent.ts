import type { EvidenceOf } from '../../contract/types.ts'
import type { Finding, KindCheck, Looked } from './check.ts'
import { filesMatching, typeAt } from './matches.ts'
import { some, target } from './words.ts'

/** Nothing is at the path, or no file matches the glob. */
export const pathAbsent: KindCheck<'pathAbsent'> = {
  now,
  followed({ literal, there, by }) {
    if (there === null)
      return { met: false, detail: `${literal.detail}, but out of the repository leads ${by}` }
    return literal.met ? there : literal
  },
  async unmetAt(start, evidence) {
    const then = await start.count(evidence)
    return then !== null && then.known > 0
  },
  ofLinks: true,
  mustStay: false,
  workOnly: false,
}

function now(evidence: EvidenceOf<'pathAbsent'>, { root }: Looked): Finding {
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
