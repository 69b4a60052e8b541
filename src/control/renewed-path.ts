import { canonicalJson, sha256 } from '../base/hash.ts'
import type { Activation } from '../ledger/events.ts'
import type { DefinitionChange, DefinitionDrift } from '../definition/drift.ts'
import { findApproval } from '../records/approvals.ts'
import { type DefinitionNow, lookAtDefinition } from '../definition/look.ts'

/** A PATH for gates that a person recorded after the run froze its own. */
export interface RenewedPath {
  readonly gatePath: string
  /** Everything that differs from what the run froze, this PATH last; the digest means all of it. */
  readonly drift: DefinitionDrift
}

/**
 * Compares the run's PATH with that of the newest approval of the present config; null when they are the same. It holds
 * nobody, because a PATH that still serves need not be that of the person's last shell; a person may accept it.
 */
export function findRenewedPath(
  home: string,
  activation: Activation,
  now: DefinitionNow = lookAtDefinition(activation),
): RenewedPath | null {
  const { configPath, gatePath: frozen, runId } = activation
  const { drift, configText } = now
  if (configPath === null || configText === null) return null
  const gatePath = findApproval(home, configPath, sha256(configText))?.gatePath ?? frozen
  if (gatePath === frozen) return null
  const change: DefinitionChange = {
    id: 'gate-path',
    file: 'PATH of gates',
    member: null,
    difference: { kind: 'value', was: frozen, now: gatePath },
  }
  return {
    gatePath,
    drift: {
      changes: [...(drift?.changes ?? []), change],
      digest: sha256(canonicalJson([runId, drift?.digest ?? null, gatePath])),
      undoable: false,
    },
  }
}
