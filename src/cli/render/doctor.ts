import type { Check, DoctorAnswer } from '../../setup/doctor/doctor.ts'
import { type Doc, type Line, type Span, bad, columns, good, quiet, strong, warn } from './doc.ts'

/** `doctor` for a person: all checks in a column, what failed with its one fix, the verdict last, where the eye ends. */
export function doctorDoc(answer: DoctorAnswer): Doc {
  const checks = Object.entries(answer.checks)
  const broken = checks.filter(([, check]) => !check.ok)
  const failed = broken.filter(([, check]) => check.advisory !== true).length
  return [
    ...columns(
      checks.map(([name, check]): Line => [markOf(check), name, check.ok ? '' : (check.reason ?? '')]),
    ),
    ...(broken.length === 0 ? [] : ['']),
    ...columns(
      broken.map(([name, check]): Line => [
        quiet(name),
        check.remediation ? strong(check.remediation) : quiet('see above'),
      ]),
      2,
    ),
    '',
    failed === 0
      ? [good('Everything that must hold, holds.')]
      : [bad(`${failed} of ${checks.length} checks failed.`), ' Each line above names its fix.'],
  ]
}

function markOf(check: Check): Span {
  if (check.ok) return good('ok')
  return check.advisory === true ? warn('note') : bad('FAIL')
}
