import { describe, expect, test } from '@jest/globals'
import { type ItemStatus, readyOrder, waitersOf } from '../../src/backlog/order.ts'

interface Given {
  readonly after?: readonly string[]
  readonly priority?: number
  readonly exclusive?: readonly string[]
  readonly mends?: readonly string[]
  /** `waiting` where it is not said. */
  readonly is?: ItemStatus
}

function itemsOf(given: Readonly<Record<string, Given>>) {
  return Object.entries(given).map(([id, one]) => ({
    id,
    after: [],
    priority: 3,
    exclusive: [],
    mends: [],
    ...one,
  }))
}

function order(given: Readonly<Record<string, Given>>): string {
  return readyOrder(itemsOf(given), (id) => given[id]?.is ?? 'waiting')
    .map((one) => one.id)
    .join(' ')
}

describe('which items may start, and in which order', () => {
  test.each<[string, Record<string, Given>, string]>([
    ['by number', { '010': {}, '002': {}, '1000': {}, '001': {} }, '001 002 010 1000'],
    ['by priority before that', { '001': {}, '002': { priority: 1 }, '003': { priority: 5 } }, '002 001 003'],
    [
      'by how many wait for it before the number',
      {
        '001': {},
        '002': {},
        '003': { after: ['002'] },
        '004': { after: ['003'] },
        '005': { after: ['001'] },
      },
      '002 001',
    ],
    [
      'priority counts for more than that',
      { '001': { priority: 1 }, '002': {}, '003': { after: ['002'] } },
      '001 002',
    ],
    ['nothing of nothing', {}, ''],
    ['both states of what has not begun', { '001': { is: 'ready' }, '002': { is: 'waiting' } }, '001 002'],
    [
      'what excludes itself of others in work',
      {
        '001': { is: 'working', exclusive: ['db'] },
        '002': { exclusive: ['db', 'ui'] },
        '003': { exclusive: ['ui'] },
      },
      '003',
    ],
    [
      'of two that exclude each other the first',
      { '001': { exclusive: ['db'] }, '002': { exclusive: ['db'] }, '003': {} },
      '001 003',
    ],
    [
      'one that is left out holds no word',
      { '001': { exclusive: ['a'] }, '002': { exclusive: ['a', 'b'] }, '003': { exclusive: ['b'] } },
      '001 003',
    ],
    [
      'words of what is over are free',
      {
        '001': { is: 'done', exclusive: ['db'] },
        '002': { is: 'parked', exclusive: ['db'] },
        '003': { exclusive: ['db'] },
      },
      '003',
    ],
    [
      'what mends first and alone',
      { '001': { priority: 1 }, '002': { mends: ['test'], priority: 9 } },
      '002',
    ],
    ['of two that mend one', { '001': {}, '002': { mends: ['test'] }, '003': { mends: ['lint'] } }, '002'],
    [
      'what mends waits until nothing is in work',
      { '001': { is: 'working' }, '002': { mends: ['test'] } },
      '',
    ],
    ['nothing beside what mends', { '001': {}, '002': { mends: ['test'], is: 'working' } }, ''],
    [
      'before what mends only what it waits for',
      { '001': {}, '002': {}, '003': { after: ['002'] }, '004': { mends: ['test'], after: ['003'] } },
      '002',
    ],
    ['the rest once it is done', { '001': {}, '002': { mends: ['test'], is: 'done' } }, '001'],
    ['the rest once a person dropped it', { '001': {}, '002': { mends: ['test'], is: 'dropped' } }, '001'],
    [
      'nothing while what mends is parked: every gate is red',
      { '001': {}, '002': { mends: ['test'], is: 'parked' } },
      '',
    ],
    ['a number that nobody has is never done', { '001': { after: ['009'] } }, ''],
  ])('%s', (_what, given, expected) => {
    expect(order(given)).toBe(expected)
  })

  test.each<[ItemStatus, string]>([
    ['waiting', ''],
    ['ready', ''],
    ['working', ''],
    ['suspended', ''],
    ['integrating', ''],
    ['done', '002'],
    ['parked', ''],
    ['dropped', ''],
  ])('%s satisfies `after`, or not', (is, expected) => {
    expect(
      order({ '001': { is }, '002': { after: ['001'] } })
        .replace('001', '')
        .trim(),
    ).toBe(expected)
  })

  test.each<[ItemStatus, string]>([
    ['working', ''],
    ['suspended', ''],
    ['integrating', ''],
    ['parked', '002'],
  ])('an item that is %s holds its words, or not', (is, expected) => {
    expect(order({ '001': { is, exclusive: ['db'] }, '002': { exclusive: ['db'] } })).toBe(expected)
  })

  test('counts what waits by several ways once, and ends in a circle', () => {
    const counts = waitersOf(
      itemsOf({
        '001': {},
        '002': { after: ['001'] },
        '003': { after: ['001'] },
        '004': { after: ['002', '003'] },
        '005': { after: ['006'] },
        '006': { after: ['005'] },
      }),
    )
    expect(Object.fromEntries(counts)).toEqual({ '001': 3, '002': 1, '003': 1, '005': 1, '006': 1 })
  })
})
