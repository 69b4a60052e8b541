import type { ErrorCode } from './error-code.ts'

/** An expected outcome is a value. A thrown error is a bug and is caught in one place per process. */
export type Result<T, E = Failure> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E }

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value })
export const err = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error })

/** An expected failure: `code` is stable (TROUBLESHOOTING names it), `message` says what and where, `fix` is the one command that helps. */
export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly fix?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** Makes an `err` with a Failure in one call. */
export const fail = (
  code: ErrorCode,
  message: string,
  more: { fix?: string; data?: Readonly<Record<string, unknown>> } = {},
): { readonly ok: false; readonly error: Failure } => err({ code, message, ...more })

/** Ends a switch over a union: a new member becomes a compile error here. */
export function never(value: never, what: string): never {
  throw new Error(`unhandled ${what}: ${JSON.stringify(value)}`)
}
