import { afterEach, expect, test } from '@jest/globals'
import { figure, long, seedFor } from '../../rig/long.ts'
import { processesOf } from '../../rig/processes.ts'
import { Chance } from '../../variants/chance.ts'
import { forget, leftOf, lostOf, missingRescues, ownGit, recordOf, traced } from '../kill/batch.ts'
import { killedProgram, startKilled, stepsOf } from '../kill/killed.ts'
import type { Site } from '../rig.ts'
import { adds, goalSite } from './site.ts'

const program = killedProgram()

let site: Site
afterEach(() => site.remove())

const ITERATIONS = 10
const seed = seedFor(20_615)
const GOAL = ['--goal', 'plan.md', '--yes']

/** What each iteration adds, and the goal that it sets. */
const turns = Array.from({ length: ITERATIONS }, (_, at) => {
  const isLast = at + 1 === ITERATIONS
  return adds(`n${at}`, isLast ? { completed: true } : { next_goal: `add n${at + 1}` })
})

test('ten iterations, killed at three random moments: the same tree, every goal taken up where it was left', async () => {
  site = await goalSite([], { files: { '.gitignore': 'trace/\n' } })
  // By the goal in its prompt and not by the number of its attempt, which a kill makes higher.
  site.script({
    goal: traced(site, turns).map((turn, at) => ({ ...turn, at: `goal:${at === 0 ? '' : `add n${at}`}` })),
  })
  expect(await startKilled(site, program(), { at: 0 }, GOAL).done).toMatchObject({ code: 0, stderr: '' })
  const [whole, steps] = [cameTo(), stepsOf(site).length]
  expect(whole).toContain('"kept":10')
  const chance = new Chance(seed)
  const wrong: string[] = []
  for (let batches = long ? 12 : 1; batches > 0; batches -= 1) {
    forget(site)
    const told: string[] = []
    for (let kills = 3; kills > 0; kills -= 1) {
      const [at, power] = [1 + chance.below(Math.floor(steps / 3)), chance.yes()]
      told.push(`${at}${power ? ' with all' : ''}`)
      await startKilled(site, program(), { at, power }, GOAL).done
    }
    const { code, stderr } = await startKilled(site, program(), { at: 0 }, GOAL).done
    const came = cameTo()
    if (code !== 0 || stderr !== '' || came !== whole)
      wrong.push(`killed at ${told.join(', then at ')}: ${code} ${stderr} ${came}`)
  }
  expect({ seed, whole, wrong }).toEqual({ seed, whole, wrong: [] })
  figure('kills of a goal', { steps, kills: (long ? 12 : 1) * 3 })
}, 3_600_000)

function cameTo(): string {
  const { state } = recordOf(site)
  const { goal, standing } = state.items.get('goal')!
  const kept = goal!.iterations.filter((one) => one.commit !== null)
  return JSON.stringify({
    rest: state.rest,
    tree: ownGit(site, 'rev-parse', `${state.head}^{tree}`).trim(),
    kept: kept.length,
    goals: kept.map((one) => one.goal),
    standing: standing.kind,
    left: [...leftOf(site), ...processesOf(site.dir)],
    lost: lostOf(site),
    rescues: missingRescues(site),
  })
}
