import { createHash } from 'node:crypto'

declare const sha: unique symbol
/** 64 lower-case hex digits. */
export type Sha256 = string & { readonly [sha]: true }

/** SHA-256 of the bytes (strings as UTF-8), as 64 hex digits. */
export function sha256(data: string | Uint8Array): Sha256 {
  return createHash('sha256').update(data).digest('hex') as Sha256
}

/** JSON with keys sorted at every depth and no spaces: equal values give equal text. Undefined members vanish. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  )
}
