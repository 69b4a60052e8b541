import { expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { planFact } from '../../src/hooks/plan-fact.ts'
import { readPlan } from '../../src/hooks/read-plan.ts'
import { beginning, encodeEvents } from '../../src/ledger/chain.ts'
import type { NewEvent } from '../../src/ledger/events.ts'
import { fold } from '../../src/ledger/fold.ts'
import type { RunState } from '../../src/ledger/state.ts'
import { viewEvent } from '../../src/views/events-view.ts'
import { activation } from '../ledger/data.ts'

type Step = { readonly step: string; readonly status: string }

const steps = (count: number, status: string, text = ''): Step[] =>
  Array.from({ length: count }, (_, index) => ({ step: `step ${index} ${text}`, status }))

/** The run after these plans, recorded one after the other as the hook does. */
function recorded(...plans: readonly Step[][]): { run: RunState; events: NewEvent[] } {
  const events: NewEvent[] = [{ type: 'activated', data: activation() }]
  const run = () => {
    const one = fold(encodeEvents(beginning, null, 1, events).events).runs[0]
    if (!one) throw new Error('no run')
    return one
  }
  for (const plan of plans) {
    const data = readPlan({ plan }, run().plan)
    if (!data) throw new Error('no plan')
    events.push({ type: 'plan', data })
  }
  return { run: run(), events }
}

test('a plan of a megabyte is kept as a digest, counts and its first open steps', () => {
  const plan = [...steps(900, 'completed', 'd'.repeat(600)), ...steps(120, 'pending', 'o'.repeat(9_000))]
  const { run, events } = recorded(plan)
  const event = events[1]
  expect(JSON.stringify(event).length).toBeLessThan(20_000)
  expect(event?.data).toMatchObject({
    whole: { sha256: sha256(JSON.stringify(plan)), steps: 1_020, open: 120 },
  })
  const { state, open } = planFact(run)
  expect([state, open.length, open.at(-1)]).toEqual(['incomplete', 51, '70 more'])
  expect(viewEvent(encodeEvents(beginning, null, 1, events).events[1] as never).text).toBe(
    'plan: 900 of 1020 steps done',
  )
})

test('what was open and is done is told from what was taken out', () => {
  const [one, two] = [
    { step: 'one', status: 'pending' },
    { step: 'two', status: 'in_progress' },
  ]
  const done = (step: Step): Step => ({ ...step, status: 'completed' })
  expect(planFact(recorded([one, two], [done(one), done(two)]).run)).toEqual({ state: 'complete', open: [] })
  expect(planFact(recorded([one, two], [done(one)]).run)).toEqual({
    state: 'incomplete',
    open: ['two (taken out of the plan unfinished)'],
  })
  expect(planFact(recorded([done(one)]).run)).toEqual({ state: 'complete', open: [] })
})

test.each([[undefined], [{}], [{ plan: 'x' }]])('%j is no plan', (input) => {
  expect(readPlan(input, null)).toBeUndefined()
})
