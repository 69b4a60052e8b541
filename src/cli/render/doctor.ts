import type { Check, DoctorAnswer } from '../../doctor/doctor.ts'
import { type Doc, type Line, type Span, bad, columns, good, quiet, strong, warn } from './doc.ts'

/** `doctor` for a person: all checks in a column, what failed with its one fix, the verdict last, where the eye ends. */
export function doctorDoc(answer: DoctorAnswer): Doc {
  const checks = Object.entries(answer.checks)
  const broken = checks.filter(([, check]) => !check.ok)
  const failed = broken.filter(([, check]) => check.advisory !== true).length
  const skipped = checks.filter(([, check]) => check.skipped === true)
  return [
    ...columns(
      checks.map(([name, check]): Line => [
        markOf(check),
        name,
        check.ok && !check.skipped ? '' : (check.reason ?? ''),
      ]),
    ),
    ...fixes(broken.filter(([, check]) => check.advisory !== true)),
    ...fixes(broken.filter(([, check]) => check.advisory === true)),
    '',
    failed === 0
      ? [
          good('Everything that must hold, holds.'),
          skipped.length === 0 ? '' : ` ${skipped.length} checks were skipped.`,
        ]
      : [bad(`${failed} of ${checks.length} checks failed.`), ' Begin with the first fix above.'],
  ]
}

/** One command often mends several checks. */
function fixes(broken: readonly (readonly [string, Check])[]): Doc {
  const byFix = new Map<string, string[]>()
  for (const [name, check] of broken)
    if (check.remediation !== undefined)
      byFix.set(check.remediation, [...(byFix.get(check.remediation) ?? []), name])
  if (byFix.size === 0) return []
  const advisory = broken.every(([, check]) => check.advisory === true)
  return [
    '',
    advisory ? 'Worth a look:' : 'To fix:',
    ...columns(
      [...byFix]
        .filter(([fix]) => !isLong(fix))
        .map(([fix, names]): Line => [strong(fix), quiet(names.join(', '))]),
      2,
    ),
    // Beside a long one nothing has room.
    ...[...byFix]
      .filter(([fix]) => isLong(fix))
      .flatMap(([fix, names]): Line[] => [
        ['  ', strong(fix)],
        ['    ', quiet(names.join(', '))],
      ]),
  ]
}

const isLong = (fix: string): boolean => fix.length > 40

function markOf(check: Check): Span {
  if (check.skipped) return quiet('skip')
  if (check.ok) return good('ok')
  return check.advisory === true ? warn('note') : bad('FAIL')
}
