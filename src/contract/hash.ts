import { type Sha256, canonicalJson, sha256 } from '../base/hash.ts'
import type { Contract } from './types.ts'

/** The identity of a contract: equal contracts give equal digests, whatever the order of their keys. */
export function hashContract(contract: Contract): Sha256 {
  return sha256(canonicalJson(contract))
}
