import { test } from '@jest/globals'
import { sampleOf } from '../../rig/long.ts'
import type { Driver } from './driver.ts'
import { play } from './play.ts'
import { agentNames } from './scenario.ts'
import { scenarios } from './scenarios.ts'

/** The rows that this program plays: in the gate each row is played by one of the programs. */
export function playedBy(driver: Driver): void {
  const rows = sampleOf(scenarios, agentNames.length, agentNames.indexOf(driver.name))
  test.each(rows.map((one) => [one.name, one] as const))(
    '%s',
    (_name, scenario) => play(scenario, driver),
    240_000,
  )
}
