import { getSystemErrorMap } from 'node:util'

/** What the system said, for people: `permission denied` for EACCES. The error's name where there are no words for it. */
export function systemWords(error: unknown): string {
  const { errno, code } = (error ?? {}) as NodeJS.ErrnoException
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno)
  return known?.[1] ?? code ?? 'unknown error'
}
