import { type Result, ok } from '../../base/result.ts'
import { textsAt } from '../../workspace/trees/texts-at.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import type { ReviewFinding } from '../../agents/review-answer.ts'
import { type CheckedFinding, folded } from '../record/review.ts'

/** A brace stands in every file. */
const LEAST = 3

/** Whether a quote stands in one of these texts, white space aside; null: a file that is not there. Pure. */
export function stands(quote: string, texts: readonly (string | null)[]): boolean {
  const wanted = folded(quote)
  return wanted.length >= LEAST && texts.some((text) => text !== null && folded(text).includes(wanted))
}

/**
 * Looks up what findings quote in the files that they name, in both trees: a model may make up either. `prefix`: of the config, as agents
 * may name files from there. Codes: those of git.
 */
export async function checkQuotes(
  own: OwnRepository,
  trees: readonly string[],
  findings: readonly ReviewFinding[],
  prefix: string,
): Promise<Result<readonly CheckedFinding[]>> {
  const named = [...new Set(findings.flatMap(({ file }) => (file === null ? [] : [file])))]
  const paths = [...new Set(named.flatMap((file) => pathsOf(file, prefix)))]
  const texts = new Map<string, (string | null)[]>(paths.map((one) => [one, []]))
  for (const tree of trees) {
    const read = await textsAt(own, tree, paths)
    if (!read.ok) return read
    for (const [nth, text] of read.value.entries())
      texts.get(paths[nth]!)?.push(text === null ? null : Buffer.from(text, 'latin1').toString('utf8'))
  }
  return ok(
    findings.map((finding) => ({
      ...finding,
      stands:
        finding.file !== null &&
        stands(
          finding.quote,
          pathsOf(finding.file, prefix).flatMap((one) => texts.get(one) ?? []),
        ),
    })),
  )
}

/** As diffs and people write them. What leads out of the tree is no file of it. */
function pathsOf(file: string, prefix: string): readonly string[] {
  const plain = file.replace(/^\.\//, '')
  const spellings = [plain, plain.replace(/^[ab]\//, ''), prefix + plain]
  return [...new Set(spellings)].filter(
    (one) => one !== '' && !one.startsWith('/') && !one.includes('\0') && !one.split('/').includes('..'),
  )
}
