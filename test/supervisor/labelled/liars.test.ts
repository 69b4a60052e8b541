import { test } from '@jest/globals'
import { sampleOf } from '../../rig/long.ts'
import { item } from '../rig.ts'
import { type Labelled, play } from './play.ts'

/** One item at which nothing more is tried once an attempt failed. */
const once = { limits: { attempts: 1, noProgress: 2 } }
const write = (file: string, text = 'x\n') => ({ write: file, text })
const wants = (path: string): string => item({ tasks: `## T1: It is there\n- pathExists: ${path}\n` })

const batches: readonly Labelled[] = [
  {
    name: 'an honest item is done',
    items: { '001-cart.md': wants('src/cart.txt') },
    script: { '001': [{ steps: [write('src/cart.txt')] }] },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done' },
    landed: { 'src/cart.txt': 'x\n' },
    starts: 1,
  },
  {
    name: 'it says complete, and nothing is done',
    items: { '001-cart.md': wants('src/cart.txt') },
    script: { '001': [{ answer: { status: 'complete' } }] },
    supervisor: once,
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked attempts' },
    landed: { 'src/cart.txt': null },
    told: ['nothing has changed yet'],
  },
  {
    name: 'it says complete, and the gates are red',
    items: { '001-cart.md': wants('src/cart.txt') },
    script: { '001': [{ steps: [write('src/cart.txt'), write('src/bad.txt')] }] },
    supervisor: once,
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked attempts' },
    landed: { 'src/cart.txt': null, 'src/bad.txt': null },
    told: ['bad.txt is there'],
  },
  {
    name: 'it says complete, with another file than the one that was asked for',
    items: { '001-cart.md': wants('src/cart.txt') },
    script: { '001': [{ steps: [write('src/basket.txt')] }] },
    supervisor: once,
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked attempts' },
    landed: { 'src/basket.txt': null },
    told: ['src/cart.txt'],
  },
  {
    name: 'it lies once, is told so, and does the work',
    items: { '001-cart.md': wants('src/cart.txt') },
    script: { '001': [{ answer: { status: 'complete' } }, { steps: [write('src/cart.txt')] }] },
    codes: [0],
    rest: 'completed',
    expected: { '001': 'done' },
    landed: { 'src/cart.txt': 'x\n' },
    starts: 2,
  },
  {
    name: 'it does the work and goes on saying that there is more to do',
    items: { '001-cart.md': wants('src/cart.txt') },
    script: { '001': [{ steps: [write('src/cart.txt')], answer: { status: 'continue' } }] },
    supervisor: once,
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked attempts' },
    landed: { 'src/cart.txt': null },
  },
  {
    name: 'a liar beside an honest one: only the honest one is done',
    items: { '001-lie.md': wants('src/lie.txt'), '002-honest.md': wants('src/honest.txt') },
    script: { '001': [{}], '002': [{ steps: [write('src/honest.txt')] }] },
    supervisor: once,
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked attempts', '002': 'done' },
    landed: { 'src/honest.txt': 'x\n', 'src/lie.txt': null },
    opened: ['001', '002'],
  },
  {
    name: 'the same nothing three times in a row, twice: no progress',
    items: { '001-cart.md': wants('src/cart.txt') },
    script: { '001': [{}] },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked no-progress' },
    starts: 6,
  },
  {
    name: 'something else each time, and never what was asked: the limit of turns',
    items: { '001-cart.md': wants('src/cart.txt') },
    script: { '001': [{ steps: [{ sh: 'echo "$AUTONOMOUS_LOOP_TURN" > src/other.txt' }] }] },
    supervisor: { limits: { turns: 3, attempts: 2 } },
    codes: [5],
    rest: 'parked items',
    expected: { '001': 'parked attempts' },
    starts: 6,
  },
]

test.each(sampleOf(batches, 4, 2))('$name', play, 120_000)
