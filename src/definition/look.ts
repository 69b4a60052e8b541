import { canonicalJson, sha256 } from '../base/hash.ts'
import { collectPins, describePinChange, diffPins } from './index.ts'
import type { Pin } from '../evidence/types.ts'
import type { Activation } from '../ledger/events.ts'
import type { DefinitionChange, DefinitionDrift } from '../verdict/facts.ts'
import { readConfigText } from '../records/approvals.ts'

export const configRelative = '.codex/autoloop.project.json'

/** What the definition is now, so that a person can accept exactly that. */
export interface DefinitionNow {
  readonly drift: DefinitionDrift | null
  /** Null when the pins cannot be read (they are then a change by themselves). */
  readonly pins: readonly Pin[] | null
  readonly configText: string | null
}

/**
 * Compares config and pins with what the run froze. A changed definition is never executed: the caller stops at a drift.
 * `undoable` is false as soon as one difference lies where Codex's sandbox lets no agent write.
 */
export function lookAtDefinition(activation: Activation): DefinitionNow {
  const changes: DefinitionChange[] = []
  /** What the digest binds: the state after, so that the same digest always means the same acceptance. */
  const after: unknown[] = []

  const config = readConfigText(activation.repoRoot)
  const configSha = config.ok ? config.value.sha256 : null
  if (configSha !== activation.configSha256) {
    changes.push({
      id: 'config',
      file: configRelative,
      text: config.ok
        ? `its content changed (approved ${activation.configSha256?.slice(0, 12)}, now ${configSha?.slice(0, 12)})`
        : config.error.message,
    })
    after.push(['config', configSha])
  }

  const pins = collectPins(
    activation.repoRoot,
    Object.values(activation.config?.commands ?? {}),
    activation.gatePath,
  )
  if (pins.ok) {
    for (const change of diffPins(activation.pins, pins.value)) {
      changes.push({ id: change.id, file: change.file, text: describePinChange(change) })
      after.push([change.id, change.after])
    }
  } else {
    const file = typeof pins.error.data?.['file'] === 'string' ? pins.error.data['file'] : 'a pinned file'
    changes.push({ id: 'pins', file, text: pins.error.message })
    after.push(['pins', pins.error.code, pins.error.message])
  }

  const drift =
    changes.length === 0
      ? null
      : {
          changes,
          digest: sha256(canonicalJson([activation.runId, after])),
          undoable: changes.every((change) => !isProtected(change.file)),
        }
  return { drift, pins: pins.ok ? pins.value : null, configText: config.ok ? config.value.text : null }
}

/** Read-only to an agent in the default sandbox (measured): the dot directories at the root. */
function isProtected(file: string): boolean {
  return /^\.(codex|git|agents|aws)(\/|$)/.test(file)
}
