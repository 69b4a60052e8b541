import type { EvidenceOf } from '../../contract/types.ts'
import { type Finding, type KindCheck, type Looked, either } from './check.ts'
import { filesMatching, typeAt } from './matches.ts'
import { nearName } from './near.ts'
import { count, some, target } from './words.ts'

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
  workOnly: false,
}

function now(evidence: EvidenceOf<'pathExists'>, { root }: Looked): Finding {
  const what = `pathExists ${target(evidence)}`
  if (evidence.path !== undefined) {
    const type = typeAt(root, evidence.path)
    return type === null
      ? { met: false, detail: `${what}: nothing is there${nearName(root, evidence.path)}` }
      : { met: true, detail: `${what}: a ${type} is there` }
  }
  const min = evidence.min ?? 1
  const { found, seen } = filesMatching(root, evidence.glob ?? '', min)
  if (found.length >= min) return { met: true, detail: `${what}: ${some(found)}` }
  const wanted = min === 1 ? '' : ` (${min} wanted)`
  return {
    met: false,
    detail: found.length
      ? `${what}: only ${count(found.length, 'file')} match${found.length === 1 ? 'es' : ''}${wanted}: ${some(found)}`
      : `${what}: no file matches${wanted}, ${count(seen, 'file')} looked at`,
  }
}
