/**
 * Where a pass of a gate counts. `clean-room`: in a checkout of ours that holds the start, the candidate's differences and
 * what `prepare` made, and nothing else of the agent's. `in-place`: in the workspace.
 */
export const places = ['clean-room', 'in-place'] as const
export type Verify = (typeof places)[number]

interface Verified {
  readonly verify?: Verify
  readonly box?: boolean
}

/** Where this gate has to pass: as the command says, else as the policy says. Without a box there is no room. A config that says neither is from before the room. */
export function verifiedIn(command: Verified, policy: Verified): Verify {
  if (command.box === false) return 'in-place'
  return command.verify ?? policy.verify ?? 'in-place'
}

/** Whether a gate of this config ever needs the room. */
export function usesCleanRoom(config: {
  readonly commands: Readonly<Record<string, Verified>>
  readonly policy: Verified
}): boolean {
  return Object.values(config.commands).some((command) => verifiedIn(command, config.policy) === 'clean-room')
}

/** Whether a gate of this config has to pass with the tests of the start. */
export function wantsStartTests(config: {
  readonly commands: Readonly<Record<string, { readonly tests?: 'start' }>>
}): boolean {
  return Object.values(config.commands).some((command) => command.tests === 'start')
}

/** Whether no gate of this config counts in the workspace: then what the files there mean is not looked at but tried. */
export function onlyInCleanRoom(config: Parameters<typeof usesCleanRoom>[0] | null): boolean {
  return config !== null && usesCleanRoom(config) && inPlaceCommands(config).length === 0
}

/** Those that have to pass in the workspace, by what the files there mean. */
export function inPlaceCommands<C extends Verified>({
  commands,
  policy,
}: {
  readonly commands: Readonly<Record<string, C>>
  readonly policy: Verified
}): readonly C[] {
  return Object.values(commands).filter((command) => verifiedIn(command, policy) === 'in-place')
}
