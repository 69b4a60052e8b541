import { canonicalJson, sha256 } from '../base/hash.ts'
import type { Pin } from './types.ts'
import { configRelative, readConfigText } from './config-text.ts'
import { changeOf } from './difference.ts'
import type { DefinitionChange, DefinitionDrift } from './drift.ts'
import type { Frozen } from './frozen.ts'
import { comparedPins } from './in-place.ts'
import { diffPins } from './index.ts'

/** What the definition is now, so that a person can accept exactly that. */
export interface DefinitionNow {
  readonly drift: DefinitionDrift | null
  /** Those that are compared; null when they cannot be read (they are then a change by themselves). */
  readonly pins: readonly Pin[] | null
  readonly configText: string | null
}

/**
 * Compares config and pins with what the run froze. A changed definition is never executed: the caller stops at a drift.
 * `undoable` is false as soon as one difference lies where Codex's sandbox lets no agent write.
 */
export function lookAtDefinition(frozen: Frozen): DefinitionNow {
  const changes: DefinitionChange[] = []
  /** What the digest binds: the state after, so that the same digest always means the same acceptance. */
  const after: unknown[] = []

  const config = frozen.configElsewhere ? null : readConfigText(frozen.repoRoot)
  const configSha = config?.ok ? config.value.sha256 : null
  if (config !== null && configSha !== frozen.configSha256) {
    changes.push({
      id: 'config',
      file: configRelative,
      member: null,
      difference: config.ok
        ? { kind: 'content', was: frozen.configSha256, now: configSha }
        : { kind: 'unreadable', why: config.error.message },
    })
    after.push(['config', configSha])
  }

  const { frozen: then, now: pins } = comparedPins(frozen.repoRoot, frozen, frozen.gatePath)
  if (pins.ok) {
    for (const change of diffPins(then, pins.value)) {
      changes.push(changeOf(change))
      after.push([change.id, change.after])
    }
  } else {
    const file = typeof pins.error.data?.['file'] === 'string' ? pins.error.data['file'] : 'a pinned file'
    changes.push({
      id: 'pins',
      file,
      member: null,
      difference: { kind: 'unreadable', why: pins.error.message },
    })
    after.push(['pins', pins.error.code, pins.error.message])
  }

  const drift =
    changes.length === 0
      ? null
      : {
          changes,
          digest: sha256(canonicalJson([frozen.runId, after])),
          undoable: changes.every((change) => !isProtected(change.file)),
        }
  return { drift, pins: pins.ok ? pins.value : null, configText: config?.ok ? config.value.text : null }
}

/** Read-only to an agent in the default sandbox (measured): the dot directories at the root. */
function isProtected(file: string): boolean {
  return /^\.(codex|git|agents|aws)(\/|$)/.test(file)
}
