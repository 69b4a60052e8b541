import type { Scenario } from '../scenario.ts'
import { definitionScenarios } from './definition.ts'
import { gateScenarios } from './gates.ts'
import { gitScenarios } from './git.ts'
import { oddScenarios } from './odd.ts'
import { sessionScenarios } from './sessions.ts'
import { workScenarios } from './work.ts'

export const groups: Readonly<Record<string, readonly Scenario[]>> = {
  work: workScenarios,
  git: gitScenarios,
  gates: gateScenarios,
  definition: definitionScenarios,
  odd: oddScenarios,
  sessions: sessionScenarios,
}
