import { randomBytes } from 'node:crypto'
import type { Clock, Env } from '../base/env.ts'

/** What every request and every hook needs from outside. */
export interface Context {
  readonly env: Env
  readonly clock: Clock
  /** Fresh unguessable id: 32 hex digits. */
  readonly newId: () => string
}

export function realContext(env: Env): Context {
  return { env, clock: () => Date.now(), newId: () => randomBytes(16).toString('hex') }
}
