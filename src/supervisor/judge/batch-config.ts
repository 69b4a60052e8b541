import { buildContract } from '../../contract/build.ts'
import type { Item } from '../../backlog/item.ts'
import type { SupervisorSettings } from '../../contract/supervisor/settings.ts'
import type { Contract, Problem, ProjectConfig } from '../../contract/types.ts'
import { type Result, ok } from '../../base/result.ts'

/** The approved config as a batch judges by it: no gate counts but in the clean room, unless a person let it pass in place by name. */
export function batchConfig(config: ProjectConfig): ProjectConfig {
  return { ...config, policy: { ...config.policy, verify: 'clean-room' } }
}

/** The same config with a final profile that has none of these. Pure. */
export function withoutGates(config: ProjectConfig, names: readonly string[]): ProjectConfig {
  if (names.length === 0) return config
  const profile = config.defaults.finalGateProfile
  const left = (config.gateProfiles[profile] ?? []).filter((name) => !names.includes(name))
  return { ...config, gateProfiles: { ...config.gateProfiles, [profile]: left } }
}

/** Whether a gate is one of the final profile. Pure. */
export function isFinal({ gateProfiles, defaults }: ProjectConfig, name: string): boolean {
  return gateProfiles[defaults.finalGateProfile]?.includes(name) ?? false
}

/**
 * The contract of an item. The limits are those of the supervisor, one more than it needs, so that it is the one who ends an
 * attempt. Pure.
 */
export function itemContract(
  item: Item,
  config: ProjectConfig,
  { limits }: SupervisorSettings,
): Result<Contract, Problem[]> {
  const built = buildContract({
    contractId: item.id,
    ...item.input,
    tasks: [],
    scope: item.scope,
    config,
    weaker: 'allow',
  })
  if (!built.ok) return built
  const turns = item.limits.turns ?? limits.turns
  return ok({
    ...built.value,
    limits: { maxStopIterations: turns + 1, maxRepeatedFailureSignature: limits.noProgress + 1 },
  })
}
