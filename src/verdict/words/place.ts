import { never } from '../../base/result.ts'
import type { CommandRecord } from '../../gates/command-record.ts'
import type { BoxRung, GateBox } from '../../gates/types.ts'

/** Where a gate ran, as far as it is worth a word; to stand behind something else. */
export function placeWords(gate: Pick<CommandRecord, 'sandboxed' | 'box' | 'mixed' | 'of'>): string {
  const { sandboxed, box } = gate
  // Absent in records of a development version.
  const place = box ? `, ${rungWords(box.rung)}${sealWords(box)}, network: ${box.network}` : ''
  return `${sandboxed ? place : ', no sandbox'}${stepWords(gate)}`
}

/** In how many boxes it ran, and whether the result is one that its own tests could have bent. */
function stepWords({ mixed, of }: Pick<CommandRecord, 'mixed' | 'of'>): string {
  const apart = of === undefined ? '' : `, ${of} steps apart`
  return mixed === undefined ? apart : `${apart}, ${mixedWords}`
}

export const mixedWords = 'mixed: its steps share one process tree'

/** Absent in records of a development version. */
function sealWords({ seal }: GateBox): string {
  if (!seal) return ''
  return seal.kind === 'sealed' ? ', sealed' : `, ${notSealed}`
}

export const notSealed = 'not sealed'

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
