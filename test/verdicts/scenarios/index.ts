import type { Scenario } from '../scenario.ts'
import { gitScenarios } from './git.ts'
import { workScenarios } from './work.ts'

export const groups: Readonly<Record<string, readonly Scenario[]>> = {
  'the work': workScenarios,
  git: gitScenarios,
}
