import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { sampleOf } from '../../rig/long.ts'
import { projectRoot } from '../../rig/root.ts'
import { agentNames } from './scenario.ts'
import { scenarios } from './scenarios.ts'
import { scenarioTable } from './table.ts'

test('docs/agents.md has the table of scenarios, which is made here', () => {
  const text = fs.readFileSync(path.join(projectRoot, 'docs/agents.md'), 'utf8')
  const [, table] = /<!-- scenarios -->\n([^]*?)\n<!-- end -->/.exec(text) ?? []
  expect(table).toBe(scenarioTable())
})

test('each scenario has a name of its own, and is played by one of the programs in the gate at least', () => {
  const names = scenarios.map((one) => one.name)
  expect(new Set(names).size).toBe(names.length)
  const played = agentNames.flatMap((_, at) => sampleOf(names, agentNames.length, at))
  expect(new Set(played)).toEqual(new Set(names))
})
