import type { Command } from '../contract/types.ts'
import type { RunState } from '../ledger/state.ts'

/** final ∪ the contract's profile ∪ every command that a task names, each once, in the config's order. */
export function releaseCommands(run: RunState): readonly Command[] {
  const named = run.contract.tasks
    .filter((task) => task.required)
    .flatMap((task) => task.evidence)
    .flatMap((evidence) => (evidence.kind === 'commandRef' ? [evidence.name] : []))
  return profileCommands(
    run,
    [run.activation.config?.defaults.finalGateProfile ?? 'final', run.contract.gateProfile],
    named,
  )
}

/** The approved commands of these profiles, and those named, each once, in the config's order. */
export function profileCommands(
  run: RunState,
  profiles: readonly string[],
  extra: readonly string[] = [],
): readonly Command[] {
  const { config } = run.activation
  if (!config) return []
  const names = new Set([...profiles.flatMap((profile) => config.gateProfiles[profile] ?? []), ...extra])
  return Object.values(config.commands).filter((command) => names.has(command.name))
}
