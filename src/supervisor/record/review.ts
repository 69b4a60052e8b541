import type { Outcome } from '../../agents/agent.ts'
import type { ReviewAnswer, ReviewFinding, ReviewVerdict } from '../../agents/review-answer.ts'

/** A finding, and whether what it quotes stands in the file that it names, before the change or with it. */
export interface CheckedFinding extends ReviewFinding {
  readonly stands: boolean
}

/** What one reviewer said of one tree. */
export interface Review {
  readonly tree: string
  readonly verdict: ReviewVerdict
  readonly findings: readonly CheckedFinding[]
}

/** One that the worker is told, by whomever it was found. */
export interface ToldFinding extends Omit<ReviewFinding, 'line'> {
  readonly line: number | null
  readonly by: readonly string[]
}

/** Whether it lets the change go on: a pass that names an error contradicts itself. Pure. */
export function isPass({ verdict, findings }: Pick<ReviewAnswer, 'verdict' | 'findings'>): boolean {
  return verdict === 'pass' && findings.every(({ severity }) => severity !== 'error')
}

/** Whether the start of a reviewer ended with a pass. Pure. */
export const isPassing = (outcome: Outcome<Pick<ReviewAnswer, 'verdict' | 'findings'>>): boolean =>
  outcome.kind === 'finished' && isPass(outcome.answer)

/** Text in which white space of any length is one space. */
export const folded = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** What goes back to the worker: findings that stand, of those who did not pass it; the same from two is one. Pure. */
export function toldFindings(reviews: ReadonlyMap<string, Omit<Review, 'tree'>>): readonly ToldFinding[] {
  const told = new Map<string, ToldFinding>()
  for (const [by, review] of reviews) {
    if (isPass(review)) continue
    for (const { stands, ...finding } of review.findings) {
      if (!stands) continue
      // Without a quote nothing but its text tells it from another.
      const key = JSON.stringify([finding.file, folded(finding.quote) || folded(finding.text)])
      const had = told.get(key)
      if (had === undefined) told.set(key, { ...finding, by: [by] })
      else if (!had.by.includes(by))
        told.set(key, { ...had, text: `${had.text}\n${finding.text}`, by: [...had.by, by] })
      else told.set(`${key} ${told.size}`, { ...finding, by: [by] })
    }
  }
  return [...told.values()]
}
