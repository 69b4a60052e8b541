import type { EvidenceOf } from '../../contract/types.ts'
import { some } from '../found.ts'
import type { KindCheck, Looked, Sight } from './check.ts'
import { filesMatching, spelledAt } from './matches.ts'

/** Nothing is at the path, or no file matches the glob. */
export const pathAbsent: KindCheck<'pathAbsent'> = {
  now,
  followed({ literal, there, links }) {
    if (there === null) return { met: false, found: { kind: 'leads-out', links: some(links) } }
    return literal.met ? there : literal
  },
  async unmetAt(start, evidence) {
    const then = await start.count(evidence)
    return then !== null && then.known > 0
  },
  ofLinks: true,
  mustStay: false,
  keeps: true,
  workOnly: false,
}

function now(evidence: EvidenceOf<'pathAbsent'>, { root }: Looked): Sight {
  if (evidence.path !== undefined) {
    const [there] = spelledAt(root, evidence.path)
    return there === undefined
      ? { met: true, found: { kind: 'missing', near: null, noDirectory: null } }
      : { met: false, found: { kind: 'there', type: there.type } }
  }
  const { found, seen } = filesMatching(root, evidence.glob ?? '', 20)
  return {
    met: found.length === 0,
    found: { kind: 'files', files: some(found), wanted: 0, searched: seen },
  }
}
