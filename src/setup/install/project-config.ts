import type { DetectedCommand } from './types.ts'

export const CONFIG_PATH = '.codex/autoloop.project.json'

/** Text of a config for these commands, every default written out so that a person sees what can be changed. */
export function projectConfigText(commands: readonly DetectedCommand[]): string {
  const all = commands.map((command) => command.name)
  const config = {
    version: 1,
    commands: Object.fromEntries(commands.map(({ name, argv }) => [name, argv])),
    gateProfiles: {
      fast: commands.filter((command) => command.fast).map((command) => command.name),
      default: all,
      final: all,
    },
    defaults: {
      gateProfile: 'default',
      fastGateProfile: 'fast',
      finalGateProfile: 'final',
      maxStopIterations: 12,
      maxRepeatedFailureSignature: 3,
    },
  }
  // Short lists of strings on one line, as people write them.
  const text = JSON.stringify(config, null, 2).replace(
    /\[\s+((?:"(?:[^"\\]|\\.)*",?\s*)*)\]/g,
    (_, items: string) => {
      const line = `[${items.trim().replace(/,\n\s+/g, ', ')}]`
      return line
    },
  )
  return `${text}\n`
}
