import fs from 'node:fs'
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
    async (_name, scenario) => {
      const t = Date.now()
      try {
        await play(scenario, driver)
        fs.appendFileSync('/tmp/same-rows.log', `ok ${driver.name} ${_name} ${Date.now() - t}\n`)
      } catch (e) {
        fs.appendFileSync(
          '/tmp/same-rows.log',
          `RED ${driver.name} ${_name} ${Date.now() - t} ${String(e)}\n`,
        )
        throw e
      }
    },
    240_000,
  )
}
