import type { Scenario } from './scenario.ts'
import { AT, complete, cutShort, put, shell } from './steps.ts'

/* What a person, the machine or a limit ends. */

const goesOn = { attempts: ['done'], item: 'done', conversations: 1 } as const
const half = { 'src/half.txt': 'half\n', 'src/cart.txt': 'x\n' }
const rest = [put('src/cart.txt'), complete]

export const ordered: readonly Scenario[] = [
  {
    name: 'Ctrl-C while its service says nothing',
    turns: [[put('src/half.txt', 'half'), put(AT), { do: 'hang' }], rest],
    calls: [{ meanwhile: { at: AT, does: 'ctrl-c' }, code: 130 }, { code: 0 }],
    comes: { ...goesOn, turns: ['stopped', 'complete'], head: half },
    remembers: { 2: 'echo half' },
  },
  {
    name: 'stop, which waits for the turn',
    turns: [
      [
        put('src/half.txt', 'half'),
        shell(`echo at > ${AT}; until test -e src/go.txt; do sleep 0.1; done`),
        { do: 'answer', status: 'continue' },
      ],
      rest,
    ],
    calls: [{ meanwhile: { at: AT, does: 'stop', makes: 'src/go.txt' }, code: 6 }, { code: 0 }],
    comes: { ...goesOn, turns: ['continue', 'complete'], head: { ...half, 'src/go.txt': '' } },
    remembers: { 2: 'echo half' },
  },
  {
    name: 'the supervisor is killed in the middle of a turn',
    turns: [cutShort, rest],
    calls: [{ meanwhile: { at: AT, does: 'kill-supervisor' }, code: null }, { code: 0 }],
    comes: { ...goesOn, turns: ['stopped', 'complete'], head: half },
    remembers: { 2: 'echo half' },
    except: {
      command: {
        why: 'it has no conversation to go on with, so that its attempt is over, kept and not counted',
        comes: {
          turns: ['complete'],
          attempts: ['interrupted, rescued', 'done'],
          head: { 'src/half.txt': null },
        },
      },
    },
  },
  {
    name: 'its attempts are used up',
    turns: [[put('src/bad.txt', 'bad'), complete]],
    supervisor: { limits: { attempts: 2, turns: 1 } },
    calls: [{ code: 5 }],
    comes: {
      turns: ['complete', 'complete'],
      attempts: ['turns, counted, rescued', 'turns, counted, rescued'],
      item: 'parked: attempts',
      conversations: 2,
      head: { 'src/bad.txt': null },
      rescued: { 'src/bad.txt': 'bad\n' },
    },
    hears: { 2: 'attempt 1: it used up its turns' },
  },
]
