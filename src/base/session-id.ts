import { sha256 } from './hash.ts'

/**
 * A file name for a session id that keeps different ids apart on every file system, also on one that folds case:
 * Codex's own ids (lower-case UUIDs) stay readable, everything else is hashed. The shim knows the first rule only.
 */
export function sessionKey(id: string): string {
  return /^[0-9a-f][0-9a-f-]{7,63}$/.test(id) ? id : `x-${sha256(id).slice(0, 40)}`
}
