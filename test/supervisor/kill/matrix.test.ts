import fs from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { figure, long, sampleOf, seedFor } from '../../rig/long.ts'
import { Chance } from '../../variants/chance.ts'
import { type Ran, type Site, item, makeSite } from '../rig.ts'
import { cameTo, forget, ledgerOf, leftOf, lostOf, missingRescues, traced } from './batch.ts'
import { type Killed, killedProgram, startKilled, stepsOf } from './killed.ts'

const program = killedProgram()

let site: Site
beforeEach(async () => {
  site = makeSite({
    files: { '.gitignore': 'trace/\n' },
    items: {
      '001-first.md': item({ title: 'First' }),
      '002-second.md': item({ title: 'Second' }),
      '003-third.md': item({ title: 'Third' }),
    },
    supervisor: { limits: { attempts: long ? 2 : 1, agentFailures: 20 } },
  })
  site.script({
    '001': traced(site, [{ steps: [{ write: 'src/one.txt', text: '1\n' }] }]),
    '002': traced(site, [
      { steps: [{ write: 'src/bad.txt', text: 'bad\n' }] },
      { steps: [{ remove: 'src/bad.txt' }, { write: 'src/two.txt', text: '2\n' }] },
    ]),
    '003': traced(site, [{ steps: [{ write: 'src/three.txt', text: '3\n' }], exit: 1 }]),
  })
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
})
afterEach(() => site.remove())

function run(killed: Killed): Promise<Ran> {
  return startKilled(site, program(), killed).done
}

test('a run that is killed at any step is taken up by the next one, which comes to the same end', async () => {
  const { steps, whole } = await leftAlone()
  const points = sampled(steps)
  const wrong: string[] = []
  for (const { at, power } of points) {
    forget(site)
    const killed = await run({ at, power })
    const where = `${at}/${steps.length} ${steps[at - 1]} ${power ? 'with all' : 'alone'}`
    wrong.push(...(await wrongAfter(where, killed, whole)))
  }
  expect(wrong).toEqual([])
  figure('kill matrix', { steps: steps.length, killed: points.length })
}, 3_600_000)

test('a last line that a power cut tore is as if it had not been written', async () => {
  const { steps, whole } = await leftAlone()
  // Each event has a step before and one after it; the first opens the batch.
  const written = steps
    .flatMap((name, nth) => (name === 'ledger' ? [nth + 1] : []))
    .filter((_at, nth) => nth % 2 === 1)
  const chance = new Chance(seedFor(20_614))
  const points = long ? written.slice(1) : [chance.of(written.slice(1))]
  const wrong: string[] = []
  for (const at of points) {
    forget(site)
    const killed = await run({ at, power: true })
    const { file, last } = ledgerOf(site)
    const torn = 1 + chance.below(last)
    fs.truncateSync(file, fs.statSync(file).size - torn)
    wrong.push(
      ...(await wrongAfter(`${at}/${steps.length}, ${torn} of ${last} bytes torn off`, killed, whole)),
    )
  }
  expect(wrong).toEqual([])
}, 3_600_000)

/** A batch that nobody kills: its steps, and what it comes to. */
async function leftAlone(): Promise<{ readonly steps: readonly string[]; readonly whole: object }> {
  expect(await run({ at: 0 })).toMatchObject({ code: 5 })
  const alone = { steps: stepsOf(site), whole: cameTo(site) }
  expect({ left: leftOf(site), lost: lostOf(site) }).toEqual({ left: [], lost: [] })
  return alone
}

/** Runs on until it rests, and says what differs from a batch that was left alone. */
async function wrongAfter(where: string, killed: Ran, whole: object): Promise<string[]> {
  const after = await run({ at: 0 })
  const seen = { killed: killed.code, code: after.code, stderr: after.stderr, ...found() }
  const wanted = { killed: null, code: 5, stderr: '', came: whole, left: [], lost: [], rescues: [] }
  return differences(where, wanted, seen)
}

/** Member by member, so that what is wrong can be read at once. */
function differences(where: string, wanted: object, seen: object): string[] {
  return Object.entries(wanted).flatMap(([name, value]) => {
    const [was, is] = [JSON.stringify(value), JSON.stringify(seen[name as keyof typeof seen])]
    return was === is ? [] : [`${where}: ${name} is ${is}, not ${was}`]
  })
}

function found(): object {
  return { came: cameTo(site), left: leftOf(site), lost: lostOf(site), rescues: missingRescues(site) }
}

interface Point {
  readonly at: number
  readonly power: boolean
}

/** Each of them in both forms in the long form; else one of each kind, by chance, and by turns with all that it started. */
function sampled(steps: readonly string[]): readonly Point[] {
  const all = steps.map((name, nth) => ({ name, at: nth + 1 }))
  if (long) return all.flatMap(({ at }) => [false, true].map((power) => ({ at, power })))
  const chance = new Chance(seedFor(20_614))
  // The batch is opened, and what was seen of its base is not on record.
  const opened = all.filter(({ name }) => name === 'ledger')[1]!
  const kinds = [...new Set(steps)].map((kind, nth) => {
    const { at } = chance.of(all.filter(({ name }) => name === kind))
    return { at, power: nth % 2 === 1 }
  })
  return [{ at: opened.at, power: false }, ...sampleOf(kinds, 5)]
}
