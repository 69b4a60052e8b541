import type { GateBox } from './types.ts'

/** Whether nothing that these gates wrote can be in the tree. */
export function allSealed(gates: readonly { readonly box: GateBox | null }[]): boolean {
  return gates.length > 0 && gates.every(({ box }) => box?.seal?.kind === 'sealed')
}
