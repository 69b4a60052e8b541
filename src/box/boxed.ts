import fs from 'node:fs'
import path from 'node:path'
import type { Network } from '../contract/network.ts'
import type { Preflight } from '../gates/preflight.ts'
import type { GateBox, Launch } from '../gates/types.ts'
import { isWithin, realPath } from '../base/within.ts'
import type { Reached } from '../gates/reach.ts'
import { boxArgv } from './box-argv.ts'
import { isMoved, piecesNow } from './disk.ts'
import { reachRecord } from './reach.ts'
import type { Piece } from './disk.ts'
import type { Standing } from './rungs.ts'
import type { SealedTree } from './sealed.ts'
import { shownPieces } from './shown.ts'

/** What a gate gets that asked for this, on this rung. */
export function grantedNetwork({ rung }: Standing, network: Network): Network {
  // Below the box there is no loopback without the network, so there is neither.
  if (rung === 'codex-only' && network === 'loopback') return 'none'
  // Codex's sandbox needs a unix socket to make a network without loopback, and this rung has none. Its own loopback reaches nobody.
  return rung === 'box-no-unix' && network === 'none' ? 'loopback' : network
}

/**
 * The launch of a sandbox, inside a box on this rung. `kept` are the directories whose writes stay: those the sandbox lets
 * it write, and the sandbox's own.
 */
export function boxed(
  launch: Launch,
  standing: Standing,
  asked: {
    readonly network: Network
    readonly kept: readonly string[]
    readonly reached: Reached
    /** Granted on the highest rung only; null: what the gate writes in its tree stays. */
    readonly sealed?: SealedTree | null
    /** See `BoxShape`. */
    readonly over?: readonly string[]
    /** Directories that are written and thrown away with the box. */
    readonly thrownAway?: readonly string[]
    /** What came of the preflight, if one was made. */
    readonly preflight?: Preflight | undefined
  },
): Launch {
  const { preflight } = asked
  const { sockets, devices } = asked.reached
  const box: GateBox = {
    rung: standing.rung,
    network: grantedNetwork(standing, asked.network),
    ...reachRecord(asked.reached),
    ...(preflight === undefined ? {} : { preflight }),
  }
  if (standing.granted === null) return { ...launch, box }
  // Gates before this one may have taken hours.
  const pieces = standing.granted.pieces && (piecesNow() ?? standing.granted.pieces)
  const hostNetwork = asked.network === 'full'
  const { HOME = '', TMPDIR = '', PATH = '' } = launch.env
  const own = (asked.thrownAway ?? []).flatMap((dir) => ownLayer(standing.granted.pieces, dir))
  const places = [HOME, ...PATH.split(path.delimiter), ...(hostNetwork ? resolver() : []), ...sockets]
  return {
    ...launch,
    // What is kept is mounted, and git would look for a repository no further up: it would find none from a directory of one.
    env: { GIT_DISCOVERY_ACROSS_FILESYSTEM: '1', ...launch.env },
    argv: boxArgv({
      ...standing.granted,
      pieces,
      shown: [...unique(places).flatMap(shownPieces), ...own],
      kept: asked.kept,
      sealed: asked.sealed ?? null,
      made: TMPDIR === '' ? [] : [TMPDIR],
      sockets: sockets.map(realPath),
      hostNetwork,
      over: asked.over ?? [],
      argv: launch.argv,
    }),
    box,
    ...(pieces === null ? {} : { isStale: () => isMoved(pieces) }),
    ...(devices.length === 0 ? {} : { devices }),
  }
}

/**
 * A layer that begins here: to write below it, one that begins further up would have to copy the directories between, and those of
 * another owner or group it cannot. None where the disk is taken apart on the way, and what lies between is made new.
 */
function ownLayer(pieces: readonly Piece[] | null, dir: string): readonly Piece[] {
  const above = pieces?.some(
    (piece) => piece.kind === 'overlay' && piece.path !== dir && isWithin(dir, piece.path),
  )
  return above === true ? [{ kind: 'overlay', path: dir }] : []
}

/** Where names are looked up: on many systems a link below /run. */
function resolver(): string[] {
  try {
    return [path.resolve('/etc', fs.readlinkSync('/etc/resolv.conf'))]
  } catch {
    return []
  }
}

const unique = (places: readonly string[]): string[] => [
  ...new Set(places.filter((one) => path.isAbsolute(one))),
]
