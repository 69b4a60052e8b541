import { oneLine } from '../../base/text.ts'
import type { AttemptRecord } from '../../views/show/attempts.ts'
import { type Doc, quiet, strong } from './doc.ts'
import { quoted } from './quoted.ts'

/** Of one finding, on one line. Characters. */
const MOST = 300

/** The last plan of an attempt, and what critics said of it: all of it is claimed. */
export function planLines({ plans }: Pick<AttemptRecord, 'plans'>): Doc {
  const last = plans.at(-1)
  if (last === undefined) return []
  const more = plans.length > 1 ? `, the ${plans.length}. one` : ''
  return [
    '',
    [strong('Plan'), quiet(`  (${last.agent} made it${more}; nobody checked these words)`)],
    ...quoted(last.text),
    ...last.reviews.flatMap(({ agent, review }): Doc => [
      `  ${agent} claims ${review.verdict}${review.findings.length === 0 ? '' : ':'}`,
      ...review.findings.flatMap((one) => quoted(`${one.severity}: ${oneLine(one.text, MOST)}`, 4)),
    ]),
  ]
}
