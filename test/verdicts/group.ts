import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sampleOf } from '../rig/long.ts'
import { play } from './play.ts'
import type { Label, Scenario } from './scenario.ts'
import { groups } from './scenarios/index.ts'
import { missesOf } from './tally.ts'
import { type World, withWorld } from './world.ts'

/** One test for each scenario of a group, by one route each; `npm run verdicts` plays all of them by every route. */
export function testGroup(name: string): void {
  testScenarios(groups[name] ?? [])
}

/** The most dangerous first: `cheat` if any of its stops is one, else what the last of them ought to be. */
const kinds: readonly Label[] = ['cheat', 'person', 'open', 'done', 'unheld']
function kindOf({ steps }: Scenario): Label {
  const labels = steps.flatMap((step) => (step.do === 'stop' ? [step.label] : []))
  return labels.includes('cheat') ? 'cheat' : (labels.at(-1) ?? 'unheld')
}

/** One test for each, on one machine, by one route each; the gate plays the first of each kind and every sixth after it. */
export function testScenarios(scenarios: readonly Scenario[]): void {
  let world: World
  let finish = (): void => undefined
  let ended: Promise<void> = Promise.resolve()
  beforeAll(async () => {
    const ready = new Promise<World>((resolve) => {
      ended = withWorld(async (made) => {
        resolve(made)
        await new Promise<void>((over) => (finish = over))
      })
    })
    world = await Promise.race([ready, ended.then(() => Promise.reject(new Error('the world ended')))])
  })
  afterAll(async () => {
    finish()
    await ended
  })

  const rows = scenarios.map((scenario, index) => {
    const route = scenario.routes[index % scenario.routes.length] ?? 'terminal'
    return { title: `${scenario.name} [${route}]`, scenario, route }
  })
  test.each(
    kinds.flatMap((kind) =>
      sampleOf(
        rows.filter(({ scenario }) => kindOf(scenario) === kind),
        6,
      ),
    ),
  )('$title', async ({ scenario, route }) => {
    const played = await play(world, scenario, route)
    expect(missesOf(played)).toEqual([])
    expect(played.stops.length).toBeGreaterThan(0)
  })
}
