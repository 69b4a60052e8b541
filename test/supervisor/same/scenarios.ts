import { failing } from './failing.ts'
import { ordered } from './ordered.ts'
import type { Scenario } from './scenario.ts'
import { working } from './working.ts'

/** In the gate each of these is played by one program, in turns: neighbours by different ones. */
export const scenarios: readonly Scenario[] = [0, 1, 2, 3, 4, 5, 6].flatMap((at) =>
  [working, failing, ordered].flatMap((rows) => rows.slice(at, at + 1)),
)
