import { oneLine, withoutControls } from '../../base/text.ts'
import { findingWords } from '../../supervisor/effects/said-words.ts'
import { isPass } from '../../supervisor/record/review.ts'
import { type RangeReview, type Reviewed, isPassed } from '../../supervisor/review/review-range.ts'
import { iso } from '../../views/iso.ts'
import { type Doc, bad, good, strong, warn } from './doc.ts'
import { reviewLines } from './review-claims.ts'

export function reviewFields(seen: RangeReview): object {
  const { base, commit, changed, findings, reviews } = seen
  return { ok: isPassed(seen), base, commit, changed, findings, reviews: reviews.map(fieldsOf) }
}

function fieldsOf(one: Reviewed): object {
  if (one.kind === 'quota')
    return { agent: one.agent, verdict: null, quota_until: one.until === null ? null : iso(one.until) }
  if (one.kind === 'failed') return { agent: one.agent, verdict: null, failed: one.outcome, said: one.said }
  return {
    agent: one.agent,
    verdict: one.review.verdict,
    passed: isPass(one.review),
    kept: one.kept,
    findings: one.review.findings,
  }
}

/** All that reviewers say is theirs, and data. */
export function reviewDoc(seen: RangeReview): Doc {
  const { base, commit, changed, findings, reviews } = seen
  const files = changed.length === 1 ? 'one file' : `${changed.length} files`
  const waits = reviews.some((one) => one.kind === 'quota')
  return [
    `${commit.slice(0, 12)}, ${files} different from ${base.slice(0, 12)}:`,
    ...findings.map((one) => [bad('  ✗ '), findingWords(one)]),
    ...reviews.flatMap(linesOf),
    isPassed(seen)
      ? [good('✓ '), 'Every reviewer passes it.']
      : waits
        ? [
            warn('! '),
            'Not everybody was asked. Verdicts are kept: the same command asks those who are missing.',
          ]
        : [bad('✗ '), 'It does not pass.'],
  ]
}

function linesOf(one: Reviewed): Doc {
  if (one.kind === 'quota')
    return [
      [
        warn('  ! '),
        strong(one.agent),
        one.until === null ? ' has used up its quota' : ` has used up its quota until ${iso(one.until)}`,
      ],
    ]
  if (one.kind === 'failed')
    return [
      [
        bad('  ✗ '),
        strong(one.agent),
        ` gave no verdict: ${one.outcome}${one.said === null ? '' : ` (${oneLine(withoutControls(one.said), 300)})`}`,
      ],
    ]
  return reviewLines(one.agent, one.review, { note: one.kept ? ' (asked before)' : '' })
}
