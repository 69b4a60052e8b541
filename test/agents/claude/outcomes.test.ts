import { afterEach, expect, test } from '@jest/globals'
import { withClaude } from '../../rig/claude.ts'
import { long, sampleOf } from '../../rig/long.ts'
import { bash, messagesInOrder } from '../../rig/messages-api.ts'
import { watch } from '../rig.ts'
import { failures, spoken } from './failures.ts'
import {
  type ClaudeLab,
  SUBSCRIPTION,
  answers,
  complete,
  conversationOf,
  done,
  makeClaudeLab,
} from './rig.ts'

/*
 * How a turn of the real Claude Code ends, by what the service does. The first request runs a command, so that each failure comes in the
 * middle of a turn.
 */

let lab: ClaudeLab | undefined
afterEach(async () => lab?.close())

withClaude((bin) => {
  test.each(sampleOf([...failures, ...spoken], 6))('%s', async (_name, failure, outcome, parts = {}) => {
    lab = await makeClaudeLab(bin, messagesInOrder([bash('true')], failure))
    const run = watch(lab.claude({}, parts.isSubscription ? SUBSCRIPTION : {}), lab.turn)
    expect(await run.outcome).toEqual(outcome)
    expect(run.events).toContainEqual({ kind: 'conversation', id: expect.any(String) })
    if (outcome.kind === 'quota' && outcome.resetsAt !== null)
      expect(run.events).toContainEqual({
        kind: 'windows',
        windows: [{ usedPercent: 100, resetsAt: outcome.resetsAt, windowMinutes: 300 }],
      })
    // In its own words, for the person.
    const isFailure = outcome.kind !== 'finished' && outcome.kind !== 'unreadable'
    expect(run.events.filter((one) => one.kind === 'failure')).toEqual(
      isFailure ? [{ kind: 'failure', text: expect.stringMatching(/\S/) }] : [],
    )
  })

  const isOverloaded = ([, , { kind }]: (typeof failures)[number]): boolean => kind === 'overloaded'
  test.each(long ? failures : failures.filter(isOverloaded).slice(-1))(
    'at its very first request: %s, and nothing that was said before is lost',
    async (_name, failure, outcome, parts = {}) => {
      lab = await makeClaudeLab(bin, ({ text }) => (text.includes('Turn 2.') ? [done] : failure))
      const agent = lab.claude({}, parts.isSubscription ? SUBSCRIPTION : {})
      const ids: string[] = []
      for (const [at, comes] of [outcome, complete].entries()) {
        lab.say(`Turn ${at + 1}.\n`)
        const run = watch(agent, { ...lab.turn, turn: at + 1, conversation: ids[0] ?? null })
        expect(await run.outcome).toEqual(comes)
        ids.push(conversationOf(run.events))
      }
      expect(new Set(ids).size).toBe(1)
      for (const text of ['Turn 1.', 'Turn 2.']) expect(lab.model.requests.at(-1)?.text).toContain(text)
    },
  )

  test('an answer that is never of the form', async () => {
    lab = await makeClaudeLab(bin, messagesInOrder([answers({ status: 'done' })]))
    expect(await watch(lab.claude(), lab.turn).outcome).toMatchObject({ kind: 'unreadable' })
  })

  test('an answer whose bounds only we know', async () => {
    const proposal = { kind: 'split', items: [{ title: 'a', text: 'b', scope: ['c'] }] }
    lab = await makeClaudeLab(bin, messagesInOrder([answers({ status: 'proposal', summary: 'x', proposal })]))
    expect(await watch(lab.claude(), lab.turn).outcome).toMatchObject({
      kind: 'unreadable',
      why: expect.stringContaining('proposal'),
    })
  })
})
