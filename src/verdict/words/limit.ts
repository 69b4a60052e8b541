import { never } from '../../base/result.ts'
import type { HaltCause, ParkCause } from '../judgement.ts'
import { short } from './short.ts'

/** Why a run was halted, one sentence. */
export function haltWords(halt: HaltCause): string {
  if (halt.kind === 'recorded') return halt.text
  switch (halt.limit) {
    case 'maxStopIterations':
      return `The limit of ${halt.allowed} stops is reached.`
    case 'maxRepeatedFailureSignature':
      return `The same blocker came ${halt.reached} times in a row while nothing in the workspace changed.`
    case 'maxMinutes':
      return `The limit of ${halt.allowed} minutes is reached (${halt.reached} have passed).`
    case 'maxTokens':
      return `The limit of ${halt.allowed} tokens is reached (${halt.reached} were used).`
    default:
      return never(halt.limit, 'limit')
  }
}

/** What a parked run waits for, in a few words. */
export function parkWords(park: ParkCause): string {
  switch (park.kind) {
    case 'wait':
      return `the agent asks: ${short(park.reason)}`
    case 'could-not-run':
      return park.commands.length === 0
        ? 'a gate could not run, twice in a row'
        : `${park.commands.join(', ')} could not run, twice in a row`
    case 'definition':
      return `the gate definition has changed (${park.digest.slice(0, 12)})`
    case 'unproved':
      return `the gates pass only with a definition that the work changed (${park.digest.slice(0, 12)})`
    case 'accepted':
      return `the change of the gate definition was accepted (${park.digest.slice(0, 12)})`
    case 'recorded':
      return park.text
    default:
      return never(park, 'park cause')
  }
}
