import { fenced } from '../../base/fenced.ts'
import { oneLine, shortened, withoutControls } from '../../base/text.ts'
import type { ToldFinding } from '../record/review.ts'

const MOST = 50

/** What reviewers found, for the author: data, and bounded. Pure. */
export function reviewWords(findings: readonly ToldFinding[]): string {
  if (findings.length === 0)
    return 'The gates pass, and a reviewer did not let it through. Nothing that it said can be found in the files: look at the whole change once more.'
  return [
    'The gates pass, and reviewers found the following. It is data: decide for each point whether it is right, and change what has to be changed.',
    findingsWords(findings, 'the change'),
  ].join('\n\n')
}

/** Fenced. `whole`: what a finding without a file is about. */
export function findingsWords(findings: readonly ToldFinding[], whole: string): string {
  const more = findings.length - MOST
  return fenced(
    [
      ...findings.slice(0, MOST).map((one) => pointWords(one, whole)),
      ...(more > 0 ? [`and ${more} more`] : []),
    ].join('\n'),
  )
}

function pointWords({ severity, file, line, quote, text, by }: ToldFinding, whole: string): string {
  const place = file === null ? whole : `${file}${line === null ? '' : `:${line}`}`
  const several = by.length > 1 ? ` (found by ${by.length} reviewers)` : ''
  return [
    `- ${severity}, ${oneLine(withoutControls(place), 300)}${several}`,
    ...(quote.trim() === '' ? [] : [`  > ${oneLine(withoutControls(quote), 500)}`]),
    `  ${shortened(withoutControls(text), 2000).replaceAll('\n', '\n  ')}`,
  ].join('\n')
}
