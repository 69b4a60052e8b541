/** What a command may reach: nothing, its own processes over loopback, or the network with the host's loopback. */
export const networks = ['none', 'loopback', 'full'] as const
export type Network = (typeof networks)[number]

/**
 * As a config says it. A word is of format version 2: the gate runs in a box of ours. A boolean is of version 1, of a command
 * with `"box": false`, or was frozen by an older release: Codex's sandbox alone, with the network or without.
 */
export type NetworkSetting = boolean | Network

/** Whether the outside can be reached. */
export function reachesOutside(network: NetworkSetting): boolean {
  return network === true || network === 'full'
}
