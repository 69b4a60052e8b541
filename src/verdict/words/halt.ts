import { never } from '../../base/result.ts'
import type { LimitHit } from '../limits.ts'

/** The limit in words, one sentence. */
export function limitWords(hit: LimitHit): string {
  switch (hit.limit) {
    case 'maxStopIterations':
      return `The limit of ${hit.allowed} stops is reached.`
    case 'maxRepeatedFailureSignature':
      return `The same blocker came ${hit.reached} times in a row while nothing in the workspace changed.`
    case 'maxMinutes':
      return `The limit of ${hit.allowed} minutes is reached (${hit.reached} have passed).`
    case 'maxTokens':
      return `The limit of ${hit.allowed} tokens is reached (${hit.reached} were used).`
    default:
      return never(hit.limit, 'limit')
  }
}
