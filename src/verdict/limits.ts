import type { Sha256 } from '../base/hash.ts'
import type { Facts } from './facts.ts'
import type { LimitHit } from './judgement.ts'
import type { RunSoFar } from './so-far.ts'

/**
 * The limit that this block would reach, if any. The block that reaches it is the last one and announces the halt:
 * with maxStopIterations 3 the third block does.
 */
export function limitHit(facts: Facts, run: RunSoFar, signature: Sha256): LimitHit | undefined {
  const { limits } = run.contract
  const iteration = run.iteration + 1
  if (iteration >= limits.maxStopIterations)
    return { limit: 'maxStopIterations', reached: iteration, allowed: limits.maxStopIterations }

  const repeated = timesInARow(facts, run, signature)
  if (repeated >= limits.maxRepeatedFailureSignature)
    return {
      limit: 'maxRepeatedFailureSignature',
      reached: repeated,
      allowed: limits.maxRepeatedFailureSignature,
    }

  const minutes = (facts.now - run.limitsFrom) / 60_000
  if (limits.maxMinutes !== undefined && minutes >= limits.maxMinutes)
    return { limit: 'maxMinutes', reached: Math.round(minutes * 10) / 10, allowed: limits.maxMinutes }
  const tokens = facts.session?.tokens ?? null
  if (limits.maxTokens !== undefined && tokens !== null && tokens >= limits.maxTokens)
    return { limit: 'maxTokens', reached: tokens, allowed: limits.maxTokens }
  return undefined
}

/** Only a workspace that stands still makes the same blocker "repeated": an agent at work is not stuck. */
export function timesInARow(
  facts: Pick<Facts, 'workspace'>,
  run: Pick<RunSoFar, 'lastStop' | 'repeated'>,
  signature: Sha256,
): number {
  const same = run.lastStop?.signature === signature && run.lastStop.workspace === facts.workspace
  return same ? run.repeated + 1 : 1
}
