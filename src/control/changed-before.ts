import { changeOf } from '../definition/difference.ts'
import type { DefinitionChange } from '../definition/drift.ts'
import { diffPins } from '../definition/index.ts'
import type { Pin } from '../definition/types.ts'
import { readLive } from '../records/live.ts'

/** Recorded and shown; a session that changed more is said to have. */
const MOST = 50

/**
 * What the gates mean by now that they did not mean when this session began, for the same config in the same place. A
 * contract holds the new state (the person may have made it), so somebody has to say it. Empty without a live record.
 */
export function changedBefore(
  home: string,
  sessionId: string,
  root: string,
  approval: { readonly path: string; readonly sha256: string },
  pins: readonly Pin[],
): readonly DefinitionChange[] {
  const live = readLive(home, sessionId)
  if (!live?.pins || live.repoRoot !== root) return []
  if (live.config?.path !== approval.path || live.config.sha256 !== approval.sha256) return []
  const changes = diffPins(live.began ?? live.pins, pins).map(changeOf)
  if (changes.length <= MOST) return changes
  const rest = changes.length - MOST
  return [
    ...changes.slice(0, MOST),
    { id: 'more', file: '', member: null, difference: { kind: 'more', count: rest } },
  ]
}
