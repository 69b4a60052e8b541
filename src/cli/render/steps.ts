import { oneLine } from '../../base/text.ts'
import type { CommandSteps } from '../../contract/steps.ts'
import { mixedWords } from '../../verdict/words/place.ts'

/** Of a step, on one line. Characters. */
const MOST = 100

/** The steps of a command; nothing for one that is a single program, or of format version 1. */
export function stepLines(made: CommandSteps | undefined): string[] {
  if (made === undefined || made.kind === 'one') return []
  if (made.kind === 'mixed') return [mixedWords]
  const of = made.steps.length
  return made.steps.map(({ label, cwd, mixed }, at) => {
    const where = cwd === '.' ? '' : ` in ${cwd}`
    return `step ${at + 1} of ${of}: ${oneLine(label, MOST)}${where}${mixed === undefined ? '' : ` (${mixedWords})`}`
  })
}
