import type { Evidence } from '../contract/types.ts'

/**
 * Evidence that holds before anybody worked: the item asks for nothing there. Only a workspace can say so; the supervisor runs it on
 * the base.
 */
export interface Vacuous {
  readonly item: string
  readonly task: string
  readonly evidence: Evidence
}
