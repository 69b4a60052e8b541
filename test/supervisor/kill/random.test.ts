import { afterEach, expect, test } from '@jest/globals'
import { figure, long, sampleOf, seedFor } from '../../rig/long.ts'
import { processesOf } from '../../rig/processes.ts'
import { Chance } from '../../variants/chance.ts'
import { type Site, item, makeSite } from '../rig.ts'
import { cameTo, forget, leftOf, lostOf, missingRescues, traced } from './batch.ts'
import { killedProgram, startKilled, stepsOf } from './killed.ts'

const program = killedProgram()

let site: Site
afterEach(() => site.remove())

/** Kills in all: as many batches are made as they take. */
const KILLS = long ? 300 : 4
/** In one batch, one after another. */
const MOST_IN_A_ROW = 4

const seed = seedFor(20_614)

test.each(sampleOf(['on', 'off'] as const, 2))(
  'killed at any moment, again and again, two agents at work with sandbox %s: the same end',
  async (sandbox) => {
    site = makeSite({
      files: { '.gitignore': 'trace/\n' },
      items: {
        '001-first.md': item({ title: 'First' }),
        '002-second.md': item({ title: 'Second', front: 'after: [001]\n' }),
        '003-third.md': item({
          title: 'Third',
          scope: '[third/**]',
          tasks: '## T1: It is there\n- pathChanged: third/**\n',
        }),
        '004-fourth.md': item({ title: 'Fourth' }),
      },
      supervisor: { jobs: 2, limits: { attempts: 2, agentFailures: 50 } },
      sandbox,
    })
    // Of a session of its own, so that no group takes it along.
    const stray = { spawn: 'exec sleep 1000' }
    site.script({
      '001': traced(site, [{ steps: [{ write: 'src/one.txt', text: '1\n' }] }]),
      '002': traced(site, [
        { steps: [stray, { write: 'src/bad.txt', text: 'bad\n' }] },
        { steps: [{ remove: 'src/bad.txt' }, { write: 'src/two.txt', text: '2\n' }] },
      ]),
      '003': traced(site, [{ steps: [stray, { write: 'third/three.txt', text: '3\n' }] }]),
      '004': traced(site, [{ steps: [stray, { write: 'src/four.txt', text: '4\n' }], exit: 1 }]),
    })
    expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
    expect(await startKilled(site, program(), { at: 0 }).done).toMatchObject({ code: 5 })
    const [whole, steps] = [end(), stepsOf(site).length]
    const chance = new Chance(seed + (sandbox === 'on' ? 0 : 1))
    const wrong: string[] = []
    let batches = 0
    for (let kills = 0; kills < KILLS / 2; batches += 1) {
      forget(site)
      const told: string[] = []
      for (let row = 1 + chance.below(MOST_IN_A_ROW); row > 0; row -= 1, kills += 1) {
        const [at, power] = [1 + chance.below(Math.floor(steps / 2)), chance.yes()]
        told.push(`${at}${power ? ' with all' : ''}`)
        await startKilled(site, program(), { at, power }).done
      }
      const { code, stderr } = await startKilled(site, program(), { at: 0 }).done
      const came = end()
      if (code !== 5 || stderr !== '' || came !== whole)
        wrong.push(`killed at ${told.join(', then at ')}: ${code} ${stderr} ${came}`)
    }
    expect({ seed, whole, wrong }).toEqual({ seed, whole, wrong: [] })
    figure('random kills', { sandbox, kills: KILLS / 2, batches })
  },
  7_200_000,
)

function end(): string {
  const left = [...leftOf(site), ...processesOf(site.dir)]
  return JSON.stringify({ came: cameTo(site), left, lost: lostOf(site), rescues: missingRescues(site) })
}
