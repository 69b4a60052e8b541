import type { Scenario } from './scenario.ts'
import { AT, complete, cutShort, put } from './steps.ts'

/* What keeps an agent from its work, and counts against nobody as long as that may pass. */

const goesOn = {
  attempts: ['done'],
  item: 'done',
  conversations: 1,
  head: { 'src/half.txt': 'half\n', 'src/cart.txt': 'x\n' },
} as const
const half = put('src/half.txt', 'half')
const rest = [put('src/cart.txt'), complete]
const remembers = { 2: 'echo half' }
const noTime = 'its service does not say when a quota opens again'

export const failing: readonly Scenario[] = [
  {
    name: 'its answer has no form that anybody can read',
    turns: [[half, { do: 'prose', text: 'Done!' }], rest],
    calls: [{ code: 0 }],
    comes: { ...goesOn, turns: ['unreadable', 'complete'] },
    remembers,
  },
  {
    name: 'its program is killed in the middle of a turn',
    turns: [cutShort, rest],
    calls: [{ meanwhile: { at: AT, does: 'kill-agent' }, code: 0 }],
    comes: { ...goesOn, turns: ['crashed', 'complete'] },
    remembers,
  },
  {
    name: 'its quota is used up until a time, and the call is to end then',
    turns: [[half, { do: 'quota', inSeconds: 3600 }], rest],
    calls: [
      { args: ['run', '--on-quota', 'exit'], code: 10 },
      { endsSuspension: true, code: 0 },
    ],
    comes: { ...goesOn, turns: ['quota', 'complete'], suspendedFor: 3605 },
    remembers,
    except: { gemini: { why: `${noTime}: 5 minutes`, comes: { suspendedFor: 300 } } },
  },
  {
    name: 'its quota is used up until a time, and that is waited for',
    turns: [[half, { do: 'quota', inSeconds: 1 }], rest],
    calls: [{ code: 0 }],
    comes: { ...goesOn, turns: ['quota', 'complete'] },
    remembers,
    except: {
      gemini: {
        why: `${noTime}: whoever knows better ends the wait`,
        calls: [{ meanwhile: { does: 'end-suspension' }, code: 0 }],
      },
    },
  },
  {
    name: 'its sign-in is refused in the middle of a turn',
    turns: [[half, { do: 'fail', how: 'signed-out' }], rest],
    calls: [{ code: 7 }, { code: 0 }],
    comes: { ...goesOn, turns: ['signed-out', 'complete'] },
    remembers,
  },
  {
    name: 'its service fails, and then the connection breaks',
    turns: [
      [half, { do: 'fail', how: 'overloaded' }],
      [put('src/more.txt'), { do: 'fail', how: 'network' }],
      rest,
    ],
    supervisor: { backoff: { baseSeconds: 0.05, maxSeconds: 1 } },
    calls: [{ code: 0 }],
    comes: { ...goesOn, turns: ['overloaded', 'network', 'complete'] },
    remembers: { 3: 'echo half' },
  },
]
