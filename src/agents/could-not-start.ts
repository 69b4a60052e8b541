import type { Failure } from '../base/result.ts'
import type { Outcome } from './agent.ts'

/** In UTF-16 units. */
const MOST_WORDS = 1500

export const couldNotStart = (why: Failure): Outcome<never> => ({ kind: 'could-not-start', why })

/** `program`: its name for people. `said`: by it or the box, without secrets. */
export const didNotBegin = (program: string, said: string): Outcome<never> =>
  couldNotStart({
    code: 'agent-not-started',
    message: `${program} did not begin: ${said.trim().slice(0, MOST_WORDS)}`,
    fix: 'autonomous-loop doctor',
  })
