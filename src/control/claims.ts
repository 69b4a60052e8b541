import { sha256, type Sha256 } from '../base/hash.ts'

/** The prefix that users and scripts know. */
export const claimPrefix = 'AUTOLOOP_CLAIM:'
export const waitPrefix = 'AUTOLOOP_WAIT:'

export function claimToken(nonce: string): string {
  return `${claimPrefix}${nonce}`
}

/** Only hashes are stored: who can read the state cannot claim with it. */
export function nonceHash(nonce: string): Sha256 {
  return sha256(`autoloop-claim:${nonce}`)
}

/** Nonces of all tokens in a message, at most 16, in order. */
export function tokensIn(message: string | null, prefix: string): string[] {
  if (!message) return []
  const found: string[] = []
  for (
    let at = message.indexOf(prefix);
    at >= 0 && found.length < 16;
    at = message.indexOf(prefix, at + prefix.length)
  ) {
    const nonce = /^[0-9a-f]{16,64}/.exec(message.slice(at + prefix.length, at + prefix.length + 64))?.[0]
    if (nonce) found.push(nonce)
  }
  return found
}
