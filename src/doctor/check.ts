import type { Failure } from '../base/result.ts'

/** One thing looked at. An advisory check never makes doctor fail. */
export interface Check {
  readonly ok: boolean
  readonly advisory?: true
  /** Nothing here to look at: neither good nor bad. */
  readonly skipped?: true
  readonly reason?: string
  /** The one command that fixes it. */
  readonly remediation?: string
  readonly [data: string]: unknown
}
export type Checks = Readonly<Record<string, Check>>

export function passed(data: Readonly<Record<string, unknown>> = {}): Check {
  return { ok: true, ...data }
}

/** What cannot be looked at here is not called right. */
export function skipped(reason: string, data: Readonly<Record<string, unknown>> = {}): Check {
  return { ok: true, skipped: true, reason, ...data }
}

export function failed(
  reason: string,
  remediation: string,
  data: Readonly<Record<string, unknown>> = {},
): Check {
  return { ok: false, reason, remediation, ...data }
}

/** The same check as one that only advises. */
export function advice(check: Check): Check {
  return { ...check, advisory: true }
}

/** A Failure as a check; `fix` where the failure names none. */
export function failedWith(error: Failure, fix: string): Check {
  return failed(error.message, error.fix ?? fix, { error_code: error.code })
}
