import path from 'node:path'
import { isWithin, realPath } from '../base/within.ts'
import type { Network } from '../contract/network.ts'
import type { Reached } from '../gates/reach.ts'
import type { GateBox } from '../gates/types.ts'
import type { Standing } from './rungs.ts'

/** Sockets of programs that start others outside of every box of ours. */
const ENGINES =
  /^(?:docker|podman|containerd|cri-?o|cri-dockerd|crio|buildkitd|nerdctl|lima|colima|k3s|incus|lxd)\b/

/** What of it this rung cannot let in, and why; null when all of it is let in. */
export function withheld(standing: Standing, network: Network, { sockets, devices }: Reached): string | null {
  const [socket] = sockets
  const [device] = devices
  const because = standing.why === null ? '' : ` (${standing.why})`
  switch (standing.rung) {
    case 'box':
      return null
    case 'box-no-unix':
      return socket === undefined
        ? null
        : `${socket} cannot be let into a box without unix sockets, which is all that this machine grants${because}`
    case 'codex-only':
      if (device !== undefined)
        return `${device} cannot be let into Codex's sandbox alone, which is all that this machine grants${because}`
      // With the network there are all sockets, this one too.
      return socket === undefined || network === 'full'
        ? null
        : `${socket} cannot be let into Codex's sandbox alone without the network, and this machine grants no box${because}`
    default:
      return standing satisfies never
  }
}

/** A socket of ours or of Codex: whoever speaks to it steers the session. Null: none. */
export function ownSocket({ sockets }: Reached, protectedDirs: readonly string[]): string | null {
  const own = protectedDirs.map(realPath)
  return sockets.find((socket) => own.some((dir) => isWithin(realPath(socket), dir))) ?? null
}

/** What the record of a gate says of it. An engine sees the machine's own paths, so such a gate speaks of the place it ran in. */
export function reachRecord({ sockets, devices }: Reached): Pick<GateBox, 'reach' | 'vouches'> {
  const reach = [...sockets.map((socket) => `unix:${socket}`), ...devices]
  const engine = sockets.some((socket) =>
    [socket, realPath(socket)].some((file) => ENGINES.test(path.basename(file))),
  )
  return { ...(reach.length === 0 ? {} : { reach }), ...(engine ? { vouches: 'in-place' as const } : {}) }
}
