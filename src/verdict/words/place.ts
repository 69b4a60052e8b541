import { never } from '../../base/result.ts'
import type { CommandRecord } from '../../gates/command-record.ts'
import type { BoxRung, GateBox } from '../../gates/types.ts'

/** Where a gate ran, as far as it is worth a word; to stand behind something else. */
export function placeWords({ sandboxed, box }: Pick<CommandRecord, 'sandboxed' | 'box'>): string {
  if (!sandboxed) return ', no sandbox'
  // Absent in records of a development version.
  return box ? `, ${rungWords(box.rung)}, network: ${box.network}${reachWords(box)}` : ''
}

function reachWords({ reach = [], vouches }: GateBox): string {
  if (reach.length === 0) return ''
  return `, reaches ${reach.join(' and ')}${vouches === 'in-place' ? ' (a container engine: vouches in place only)' : ''}`
}

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
