import { never } from '../../base/result.ts'
import type { CommandRecord } from '../../gates/command-record.ts'
import type { Preflight, Probe } from '../../gates/preflight.ts'
import type { BoxRung, GateBox } from '../../gates/types.ts'
import { againWords } from './room.ts'
import { listed } from './short.ts'

/** Where a gate ran, as far as it is worth a word; to stand behind something else. */
export function placeWords(
  gate: Pick<CommandRecord, 'sandboxed' | 'box' | 'mixed' | 'of' | 'runs' | 'reused'>,
): string {
  const { sandboxed, box } = gate
  // Absent in records of a development version.
  const place = box
    ? `, ${box.place === 'clean-room' ? `${cleanRoomWords}, ` : ''}${rungWords(box.rung)}${sealWords(box)}${withoutIn(box)}, network: ${box.network}${reachWords(box)}${heldWords(box.preflight)}`
    : ''
  return `${sandboxed ? place : ', no sandbox'}${stepWords(gate)}${againWords(gate)}`
}

export const cleanRoomWords = 'in the clean room'

/** What is not held in a box, or was not tried; to stand behind the place. Nothing where all of it holds. */
export function heldWords(preflight: Preflight | undefined): string {
  if (preflight === undefined) return '; what it holds was not tried'
  const { reached, untried } = preflight
  const list = (probes: readonly Probe[]): string => probes.map((probe) => probeWords[probe]).join(', ')
  return [
    ...(reached.length === 0 ? [] : [`; not held: ${list(reached)}`]),
    ...(untried.length === 0 ? [] : [`; not tried: ${list(untried)}`]),
  ].join('')
}

const probeWords: Readonly<Record<Probe, string>> = {
  'late-socket': 'sockets of other programs',
  fifo: 'FIFOs of other programs',
  keyring: 'the session keyring',
  'parent-memory': 'the memory of what starts it',
  'kernel-settings': 'settings of the kernel',
  descriptors: 'files that were open',
}

function withoutIn({ without = [] }: GateBox): string {
  return without.length === 0 ? '' : `, without ${listed(without)} (out of the tree)`
}

/** Absent in records of a development version. */
function sealWords({ seal }: GateBox): string {
  if (!seal) return ''
  return seal.kind === 'sealed' ? ', sealed' : `, ${notSealed}`
}
export const notSealed = 'not sealed'

/** In how many boxes it ran, and whether the result is one that its own tests could have bent. */
function stepWords({ mixed, of }: Pick<CommandRecord, 'mixed' | 'of'>): string {
  const apart = of === undefined ? '' : `, ${of} steps apart`
  return mixed === undefined ? apart : `${apart}, ${mixedWords}`
}

export const mixedWords = 'mixed: its steps share one process tree'

export function rungWords(rung: BoxRung): string {
  switch (rung) {
    case 'box':
      return 'in the box'
    case 'box-no-unix':
      return 'in a box without unix sockets'
    case 'codex-only':
      return "in Codex's sandbox alone, without a box"
    default:
      return never(rung, 'rung')
  }
}

function reachWords({ reach = [], vouches }: GateBox): string {
  if (reach.length === 0) return ''
  return `, reaches ${reach.join(' and ')}${vouches === 'in-place' ? ' (a container engine: vouches in place only)' : ''}`
}
