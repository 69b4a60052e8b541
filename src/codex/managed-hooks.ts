import { readTextSafe } from '../base/read-file.ts'

/** Codex's own requirements for the whole machine. */
export const requirementsFile = '/etc/codex/requirements.toml'

/** Begins both marker lines and stands on no other line. */
export const managedMark = '# >>> autonomous-loop'

/** Whether our part is in a requirements.toml. */
export function hasManaged(text: string): boolean {
  return text.split(/\r?\n/).some((line) => line.startsWith(managedMark))
}

/** Whether an administrator has put our hooks into the requirements of this machine. */
export function isManagedIn(requirements: string): boolean {
  const text = readTextSafe(requirements, { maxBytes: 4_000_000, follow: true })
  return text.ok && hasManaged(text.value)
}
