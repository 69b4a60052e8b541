import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runProfile } from '../../src/gates/run-profile.ts'
import { type Lab, command, gate, makeLab } from './rig.ts'

let lab: Lab
beforeAll(() => {
  lab = makeLab()
})
afterAll(() => lab.remove())

/** A gate that says when it is there and ends when its release file appears. */
const meeting = (name: string, others: readonly string[], parallel: boolean) =>
  command(
    name,
    [
      'sh',
      '-c',
      `: > ${lab.out}/${name}; for o in ${others.join(' ')}; do until [ -e ${lab.out}/$o ]; do sleep 0.01; done; done; echo ${name}`,
    ],
    { parallel, timeoutSeconds: 20 },
  )
const noting = (name: string, code: number, parallel = false) =>
  command(name, ['sh', '-c', `echo ${name} >> ${lab.out}/order; exit ${code}`], { parallel })

test('all run, in order, whatever the results', async () => {
  const results = await runProfile(
    [noting('a', 0), noting('b', 1), command('c', ['no-such-tool']), noting('d', 0)],
    (each) => gate(lab, each),
  )
  expect(results.map(({ name, outcome }) => [name, outcome.kind])).toEqual([
    ['a', 'passed'],
    ['b', 'failed'],
    ['c', 'could-not-run'],
    ['d', 'passed'],
  ])
  expect(fs.readFileSync(path.join(lab.out, 'order'), 'utf8')).toBe('a\nb\nd\n')
})

test('neighbours marked parallel run at the same time; results keep the order of the commands', async () => {
  // Each waits for all others: run one after the other, the first would time out.
  const names = ['p1', 'p2', 'p3', 'p4']
  const results = await runProfile(
    [...names.map((name) => meeting(name, names, true)), noting('last', 0)],
    (each) => gate(lab, each),
  )
  expect(results.map(({ name, outcome, tail }) => `${name} ${outcome.kind} ${tail.trim()}`)).toEqual([
    ...names.map((name) => `${name} passed ${name}`),
    'last passed ',
  ])
})

test('never more at once than allowed, and a sequential one separates groups', async () => {
  let running = 0
  const seen: number[] = []
  const list = [true, true, true, false, true, true].map((parallel, index) =>
    command(`c${index}`, ['true'], { parallel }),
  )
  const results = await runProfile(
    list,
    async (each) => {
      seen.push(++running)
      const result = await gate(lab, each)
      running--
      return result
    },
    { atOnce: 2 },
  )
  expect(Math.max(...seen)).toBe(2)
  expect(seen[3]).toBe(1)
  expect(results.map(({ name }) => name)).toEqual(list.map(({ name }) => name))
})

test('what is asked in between ends the row', async () => {
  const list = ['a', 'b', 'c'].map((name) => command(name, ['true']))
  const asked: number[] = []
  let ran = 0
  const run = async (each: (typeof list)[number]) => {
    ran++
    return gate(lab, each)
  }
  const results = await runProfile(list, run, {
    between: async () => {
      asked.push(ran)
      return ran < 2
    },
  })
  expect(results.map(({ name }) => name)).toEqual(['a', 'b'])
  expect(asked).toEqual([1, 2])
})

test('no commands, no results', async () => {
  expect(await runProfile([], (each) => gate(lab, each))).toEqual([])
})
