import type { Command, Contract, ProjectConfig } from './types.ts'

/** Contract and approved config of a run, as they count now. */
export interface Asked {
  readonly contract: Contract
  readonly config: ProjectConfig | null
}

/** final ∪ the contract's profile ∪ every command that a task names, each once, in the config's order. */
export function releaseCommands({ contract, config }: Asked): readonly Command[] {
  const named = contract.tasks
    .filter((task) => task.required)
    .flatMap((task) => task.evidence)
    .flatMap((evidence) => (evidence.kind === 'commandRef' ? [evidence.name] : []))
  return profileCommands(config, [config?.defaults.finalGateProfile ?? 'final', contract.gateProfile], named)
}

/** The approved commands of these profiles, and those named, each once, in the config's order. */
export function profileCommands(
  config: ProjectConfig | null,
  profiles: readonly string[],
  extra: readonly string[] = [],
): readonly Command[] {
  if (!config) return []
  const names = new Set([...profiles.flatMap((profile) => config.gateProfiles[profile] ?? []), ...extra])
  return Object.values(config.commands).filter((command) => names.has(command.name))
}
