import { type Result, fail, ok } from '../base/result.ts'
import { confirm } from './ask.ts'
import type { Io } from './command.ts'
import { type Doc, printDoc } from './render/doc.ts'

/**
 * Whether a person wants what is shown: asked on a terminal, said with `--yes` elsewhere. `fields`: the same for machines. Codes:
 * unanswered, not-confirmed.
 */
export async function agreed(
  { interactive }: Pick<Io, 'interactive'>,
  yes: boolean,
  shown: { readonly doc: Doc; readonly fields: object; readonly question: string },
): Promise<Result<boolean>> {
  if (yes) return ok(true)
  if (interactive) {
    process.stderr.write(printDoc(shown.doc, false))
    return confirm(shown.question, 'nothing was changed')
  }
  const text = printDoc(shown.doc, false).trimEnd()
  return fail('not-confirmed', `nothing was changed, because nobody was asked\n${text}`, {
    fix: 'the same with --yes',
    data: { ...shown.fields },
  })
}
