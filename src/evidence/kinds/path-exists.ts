import type { EvidenceOf } from '../../contract/types.ts'
import { some } from '../found.ts'
import { type KindCheck, type Looked, type Sight, either } from './check.ts'
import { filesMatching, spelledAt } from './matches.ts'
import { missing } from './near.ts'

/** Something is at the path, or at least `min` files match the glob. */
export const pathExists: KindCheck<'pathExists'> = {
  now,
  followed: either,
  async unmetAt(start, evidence) {
    const then = await start.count(evidence)
    const wanted = evidence.path === undefined ? (evidence.min ?? 1) : 1
    return then !== null && !then.more && then.known < wanted
  },
  ofLinks: true,
  mustStay: false,
  keeps: false,
  workOnly: false,
}

function now(evidence: EvidenceOf<'pathExists'>, { root }: Looked): Sight {
  if (evidence.path !== undefined) {
    const [there] = spelledAt(root, evidence.path)
    return there === undefined
      ? { met: false, found: missing(root, evidence.path) }
      : { met: true, found: { kind: 'there', type: there.type } }
  }
  const wanted = evidence.min ?? 1
  const { found, seen } = filesMatching(root, evidence.glob ?? '', wanted)
  return {
    met: found.length >= wanted,
    found: { kind: 'files', files: some(found), wanted, searched: seen },
  }
}
