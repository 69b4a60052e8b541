import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { play } from './play.ts'
import type { Scenario } from './scenario.ts'
import { groups } from './scenarios/index.ts'
import { missesOf } from './tally.ts'
import { type World, withWorld } from './world.ts'

/** One test for each scenario of a group, by one route each; `npm run verdicts` plays all of them by every route. */
export function testGroup(name: string): void {
  testScenarios(groups[name] ?? [])
}

/** One test for each, on one machine, by one route each. */
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

  test.each(
    scenarios.map((scenario, index) => {
      const route = scenario.routes[index % scenario.routes.length] ?? 'terminal'
      return { title: `${scenario.name} [${route}]`, scenario, route }
    }),
  )('$title', async ({ scenario, route }) => {
    const played = await play(world, scenario, route)
    expect(missesOf(played)).toEqual([])
    expect(played.stops.length).toBeGreaterThan(0)
  })
}
