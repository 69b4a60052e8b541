import { mask } from '../../base/mask.ts'
import { oneLine, visible, withoutControls } from '../../base/text.ts'
import { type Review, isPass } from '../../supervisor/record/review.ts'
import { type Doc, bad, good, quiet, strong, warn } from './doc.ts'

/** What one reviewer claims, and which of its quotes are not to be found. `indent`: in columns. */
export function reviewLines(
  agent: string,
  review: Omit<Review, 'tree'>,
  { note = '', indent = 2 }: { readonly note?: string; readonly indent?: number } = {},
): Doc {
  const to = ' '.repeat(indent)
  return [
    [to, isPass(review) ? good('✓ ') : bad('✗ '), strong(agent), ` claims ${review.verdict}`, quiet(note)],
    ...review.findings.flatMap(({ severity, file, line, quote, text, stands }): Doc => [
      [
        `${to}    `,
        severity === 'error' ? bad(severity) : severity,
        ' ',
        file === null ? 'the change' : `${visible(file)}${line === null ? '' : `:${line}`}`,
        stands ? '' : warn(' (its quote is not in the file)'),
      ],
      ...(quote === '' ? [] : [[quiet(`${to}      > ${oneLine(mask(withoutControls(quote)), 200)}`)]]),
      `${to}      ${oneLine(mask(withoutControls(text)), 1000)}`,
    ]),
  ]
}
