import type { ReviewFinding } from '../../agents/review-answer.ts'
import { type Result, ok } from '../../base/result.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import type { CheckedFinding } from '../record/review.ts'
import { checkQuotes, stands } from '../review/quotes.ts'

/** Looks up what findings at a plan quote, in the plan and in the file that they name. Codes: those of git. */
export async function checkPlanQuotes(
  own: OwnRepository,
  { plan, base, prefix }: { readonly plan: string; readonly base: string; readonly prefix: string },
  findings: readonly ReviewFinding[],
): Promise<Result<readonly CheckedFinding[]>> {
  const inFiles = await checkQuotes(own, [base], findings, prefix)
  if (!inFiles.ok) return inFiles
  return ok(
    inFiles.value.map((one) => ({
      ...one,
      // About the whole of it nothing need be quoted.
      stands: one.stands || stands(one.quote, [plan]) || (one.file === null && one.quote.trim() === ''),
    })),
  )
}
