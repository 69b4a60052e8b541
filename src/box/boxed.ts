import fs from 'node:fs'
import path from 'node:path'
import type { Network } from '../contract/network.ts'
import type { Preflight } from '../gates/preflight.ts'
import type { GateBox, Launch } from '../gates/types.ts'
import { boxArgv } from './box-argv.ts'
import type { Standing } from './rungs.ts'
import type { SealedTree } from './sealed.ts'
import { shownPieces } from './shown.ts'

/** What a gate gets that asked for this: below the box there is no loopback without the network, so there is neither. */
export function grantedNetwork(standing: Standing, network: Network): Network {
  return standing.rung === 'codex-only' && network === 'loopback' ? 'none' : network
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
    /** Granted on the highest rung only; null: what the gate writes in its tree stays. */
    readonly sealed?: SealedTree | null
    /** What came of the preflight, if one was made. */
    readonly preflight?: Preflight | undefined
  },
): Launch {
  const { preflight } = asked
  const box: GateBox = {
    rung: standing.rung,
    network: grantedNetwork(standing, asked.network),
    ...(preflight === undefined ? {} : { preflight }),
  }
  if (standing.granted === null) return { ...launch, box }
  const hostNetwork = asked.network === 'full'
  const { HOME = '', TMPDIR = '', PATH = '' } = launch.env
  const places = [HOME, ...PATH.split(path.delimiter), ...(hostNetwork ? resolver() : [])]
  return {
    ...launch,
    argv: boxArgv({
      ...standing.granted,
      shown: unique(places).flatMap(shownPieces),
      kept: asked.kept,
      sealed: asked.sealed ?? null,
      made: TMPDIR === '' ? [] : [TMPDIR],
      hostNetwork,
      argv: launch.argv,
    }),
    box,
  }
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
