import { configRelative } from '../definition/config-text.ts'
import type { ProjectConfig } from '../contract/types.ts'
import type { DetectedCommand } from './detection.ts'
import { found } from './found.ts'

/** The commands of a config that is there, in the form of what is detected. */
export function asFound({ commands, gateProfiles }: ProjectConfig): DetectedCommand[] {
  // `tests` of a config says whose tests they are, not whether there are any.
  return Object.values(commands).map(({ tests: _whose, ...command }) =>
    found({
      ...command,
      fast: gateProfiles['fast']?.includes(command.name) === true,
      file: configRelative,
      evidence: `commands.${command.name}`,
      reason: 'kept as it is',
    }),
  )
}
