import type { ProjectConfig } from '../../contract/types.ts'
import { type Verify, verifiedIn } from '../../contract/verify.ts'
import { type ProposedStep, stepJson } from '../../detect/prepare/proposal.ts'
import type { Measured, Measuring } from './measured.ts'

/** One line of a config that a person may want to be another. */
export interface LineToWrite {
  /** As `commands.test.network`. */
  readonly path: string
  /** Null: it is not there. */
  readonly was: unknown
  /** Null: it is to be taken out. */
  readonly now: unknown
}

/** What of a config differs from what was measured. `prepare`: what was run for it where the config itself says nothing; null otherwise. */
export function linesToWrite(
  config: ProjectConfig,
  { measured, room }: Measuring,
  prepare: readonly ProposedStep[] | null,
): readonly LineToWrite[] {
  const isUsed = room.kind === 'used'
  const verify = isUsed ? 'clean-room' : config.policy.verify
  return [
    ...line('policy.verify', config.policy.verify, verify),
    ...(isUsed && prepare !== null && prepare.length > 0
      ? line('prepare', undefined, prepare.map(stepJson))
      : []),
    ...measured.flatMap((one) => commandLines(config, one, verify)),
  ]
}

function commandLines(
  config: ProjectConfig,
  { name, network, place }: Measured,
  verify: Verify | undefined,
): LineToWrite[] {
  const command = config.commands[name]
  if (command === undefined || network === null || place === null) return []
  const at = (field: string): string => `commands.${name}.${field}`
  if (typeof network === 'boolean' && config.version === 2)
    return [
      ...line(at('box'), command.box, false),
      // In a config a word stands for it all the same.
      ...line(at('network'), networkWord(command.network), networkWord(network)),
    ]
  const policy = verify === undefined ? {} : { verify }
  return [
    ...line(at('network'), command.network, network),
    ...(verifiedIn(command, policy) === place
      ? []
      : line(at('verify'), command.verify, place === verify ? undefined : place)),
  ]
}

const networkWord = (network: unknown): unknown =>
  typeof network === 'boolean' ? (network ? 'full' : 'none') : network

function line(path: string, was: unknown, now: unknown): LineToWrite[] {
  return was === now ? [] : [{ path, was: was ?? null, now: now ?? null }]
}
