import type { Sha256 } from '../base/hash.ts'
import type { RunState } from '../ledger/state.ts'
import type { Facts } from './facts.ts'

export interface LimitHit {
  readonly limit: 'maxStopIterations' | 'maxRepeatedFailureSignature' | 'maxMinutes' | 'maxTokens'
  readonly reached: number
  readonly allowed: number
}

/**
 * The limit that this block would reach, if any. The block that reaches it is the last one and announces the halt:
 * with maxStopIterations 3 the third block does.
 */
export function limitHit(facts: Facts, run: RunState, signature: Sha256): LimitHit | undefined {
  const { limits } = run.contract
  const iteration = run.iteration + 1
  if (iteration >= limits.maxStopIterations)
    return { limit: 'maxStopIterations', reached: iteration, allowed: limits.maxStopIterations }

  // Only a workspace that stands still makes the same blocker "repeated": an agent at work is not stuck.
  const same = run.lastStop?.signature === signature && run.lastStop.workspace === facts.workspace
  const repeated = same ? run.repeated + 1 : 1
  if (repeated >= limits.maxRepeatedFailureSignature)
    return {
      limit: 'maxRepeatedFailureSignature',
      reached: repeated,
      allowed: limits.maxRepeatedFailureSignature,
    }

  const minutes = (facts.now - run.limitsFrom) / 60_000
  if (limits.maxMinutes !== undefined && minutes >= limits.maxMinutes)
    return { limit: 'maxMinutes', reached: Math.round(minutes * 10) / 10, allowed: limits.maxMinutes }
  if (limits.maxTokens !== undefined && facts.tokens !== null && facts.tokens >= limits.maxTokens)
    return { limit: 'maxTokens', reached: facts.tokens, allowed: limits.maxTokens }
  return undefined
}
