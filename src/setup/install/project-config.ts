import type { NetworkSetting } from '../../contract/network.ts'
import type { DetectedCommand } from '../../detect/detection.ts'
import type { ProposedScope } from '../../detect/scope-entry.ts'
import { type ProposedStep, stepJson } from '../../detect/prepare/proposal.ts'

export const CONFIG_PATH = '.codex/autoloop.project.json'

/** Version 2 where the box works: without it a command has no loopback there. */
export type ConfigVersion = 1 | 2

/** What a config says of the clean room. */
export interface RoomProposal {
  readonly prepare: readonly ProposedStep[]
  /** Names of commands that pass in place only. */
  readonly inPlace: readonly string[]
}

/** Text of a config for these commands, the defaults written out so that a person sees what can be changed. */
export function projectConfigText(
  commands: readonly DetectedCommand[],
  version: ConfigVersion,
  room: RoomProposal | null = null,
  scope: readonly ProposedScope[] = [],
): string {
  const all = commands.map((command) => command.name)
  const config = {
    version,
    commands: Object.fromEntries(
      commands.map((command) => [
        command.name,
        // Without a box a gate is verified in place anyway.
        room?.inPlace.includes(command.name) === true && typeof command.network !== 'boolean'
          ? { ...commandJson(command, version), verify: 'in-place' }
          : commandJson(command, version),
      ]),
    ),
    ...(room === null || room.prepare.length === 0 ? {} : { prepare: room.prepare.map(stepJson) }),
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
    ...(room === null && scope.length === 0 ? {} : { policy: policyJson(room, scope) }),
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

function policyJson(room: RoomProposal | null, scope: readonly ProposedScope[]): object {
  return {
    ...(room === null ? {} : { verify: 'clean-room' }),
    ...(scope.length === 0 ? {} : { scope: scope.map((one) => one.entry) }),
  }
}

/** What is not the default. `network` also when it was measured and is not needed: it is then a fact, not a guess. */
function commandJson(command: DetectedCommand, version: ConfigVersion): object {
  const { argv, cwd, timeoutSeconds, network, env, writable, pins, keeps } = command
  return {
    argv,
    ...(cwd === '.' ? {} : { cwd }),
    timeoutSeconds,
    ...(network === null ? {} : networkJson(network, version)),
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(writable.length === 0 ? {} : { writable }),
    ...(pins.length === 0 ? {} : { pins }),
    // Without a box everything is kept.
    ...(version === 1 || typeof network === 'boolean' || keeps.length === 0 ? {} : { keeps }),
  }
}

function networkJson(network: NetworkSetting, version: ConfigVersion): object {
  return version === 2 && typeof network === 'boolean'
    ? { box: false, network: network ? 'full' : 'none' }
    : { network }
}
