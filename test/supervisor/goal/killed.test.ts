import { afterEach, expect, test } from '@jest/globals'
import { figure, long, seedFor } from '../../rig/long.ts'
import { processesOf } from '../../rig/processes.ts'
import { Chance } from '../../variants/chance.ts'
import { forget, leftOf, lostOf, missingRescues, ownGit, recordOf, traced } from '../kill/batch.ts'
import { killedProgram, startKilled } from '../kill/killed.ts'
import type { Site } from '../rig.ts'
import { adds, goalSite } from './site.ts'

const program = killedProgram()

let site: Site
afterEach(() => site.remove())

const ITERATIONS = 10
const seed = seedFor(20_686)
const GOAL = ['--goal', 'plan.md', '--yes']

/** What each iteration adds, and the goal that it sets. */
const turns = Array.from({ length: ITERATIONS }, (_, at) => {
  const isLast = at + 1 === ITERATIONS
  return adds(`n${at}`, isLast ? { completed: true } : { next_goal: `add n${at + 1}` })
})

/** Steps of such a batch that is left alone, roughly: kills come in its first two thirds. */
const STEPS = 350

test('ten iterations, killed at three random moments: the same end, every goal taken up where it was left', async () => {
  site = await goalSite([], { files: { '.gitignore': 'trace/\n' } })
  // By the goal in its prompt and not by the number of its attempt, which a kill makes higher.
  site.script({
    goal: traced(site, turns).map((turn, at) => ({ ...turn, at: `goal:${at === 0 ? '' : `add n${at}`}` })),
  })
  const names = turns.map((_, at) => `n${at}`)
  const whole = {
    rest: { state: 'completed' },
    standing: 'done',
    goals: names.map((name, at) => (at === 0 ? '' : `add ${name}`)),
    forgotten: [],
    files: names.map((name) => `src/${name}.txt: ${name}\n`),
    left: [],
    lost: [],
    rescues: [],
  }
  const chance = new Chance(seed)
  const wrong: unknown[] = []
  for (let batches = long ? 12 : 1; batches > 0; batches -= 1) {
    forget(site)
    const told: string[] = []
    for (let kills = 3; kills > 0; kills -= 1) {
      const [at, power] = [1 + chance.below(Math.floor((STEPS * 2) / 9)), chance.yes()]
      told.push(`${at}${power ? ' with all' : ''}`)
      const { code } = await startKilled(site, program(), { at, power }, GOAL).done
      // It is not over before.
      expect(code).toBeNull()
    }
    const { code, stderr } = await startKilled(site, program(), { at: 0 }, GOAL).done
    const came = cameTo()
    if (code !== 0 || stderr !== '' || JSON.stringify(came) !== JSON.stringify(whole))
      wrong.push({ told, code, stderr, came })
  }
  expect({ seed, wrong }).toEqual({ seed, wrong: [] })
  // One of the kills of the short form comes in a turn that has a goal.
  if (!long) expect(cutShort()).toContain('add n1')
  figure('kills of a goal', { kills: (long ? 12 : 1) * 3 })
}, 3_600_000)

function cameTo(): object {
  const { state } = recordOf(site)
  const { goal, standing } = state.items.get('goal')!
  const files = ownGit(site, 'ls-tree', '-r', '--name-only', state.head, 'src/').trim().split('\n')
  return {
    rest: state.rest,
    standing: standing.kind,
    goals: goal!.iterations.filter((one) => one.commit !== null).map((one) => one.goal),
    // After a turn that was cut short the same goal is tried again.
    forgotten: goal!.iterations.filter(
      ({ failure, goal: had }, nth, all) => failure?.kind === 'interrupted' && all[nth + 1]?.goal !== had,
    ),
    files: files
      .filter((file) => file !== 'src/a.txt')
      .map((file) => `${file}: ${site.show(file, state.head)}`),
    left: [...leftOf(site), ...processesOf(site.dir)],
    lost: lostOf(site),
    rescues: missingRescues(site),
  }
}

/** Goals of iterations whose turn was cut short. */
function cutShort(): readonly string[] {
  const { goal } = recordOf(site).state.items.get('goal')!
  return goal!.iterations.flatMap((one) => (one.failure?.kind === 'interrupted' ? [one.goal] : []))
}
