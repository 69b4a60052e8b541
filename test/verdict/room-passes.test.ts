import { describe, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import type { CommandRecord } from '../../src/gates/command-record.ts'
import {
  type Keyed,
  type RoomPasses,
  isKnownToPass,
  roomPassesAfter,
  sparedGates,
  stillReusable,
} from '../../src/verdict/room-passes.ts'
import { command } from './make.ts'

const [one, other] = [sha256('one'), sha256('other')]
const workspace = sha256('workspace')
const inRoom = (
  name: string,
  outcome: CommandRecord['outcome'],
  passKey = one,
  more: Partial<CommandRecord> = {},
): CommandRecord => command(name, outcome, { passKey, ...more })

const after = (stop: number, commands: readonly CommandRecord[], before: RoomPasses = {}): RoomPasses =>
  roomPassesAfter(before, { stop, workspace, commands })

describe('what is known after a stop', () => {
  test('passes in the room, each of the stop that ran it; those of other gates stay', () => {
    const first = after(1, [inRoom('a', 'passed'), inRoom('b', 'failed'), command('c', 'passed')])
    expect(Object.keys(first)).toEqual(['a'])
    const second = after(
      2,
      [inRoom('a', 'passed', one, { reused: { stop: 1 } }), inRoom('b', 'passed')],
      first,
    )
    expect(second).toMatchObject({ a: { stop: 1 }, b: { stop: 2 } })
    // A stop whose cheap facts fail runs no gate in the room, and takes nothing back.
    expect(after(3, [command('a', 'failed')], second)).toEqual(second)
  })

  test('a failure of what had passed takes that pass back, one on other work does not', () => {
    const first = after(1, [inRoom('a', 'passed')])
    expect(after(2, [inRoom('a', 'failed', other)], first)).toEqual(first)
    expect(after(2, [inRoom('a', 'failed', one)], first)).toEqual({})
  })
})

describe('which gates are spared', () => {
  const gate = (name: string, passKey = one, keeps = false): Keyed => ({ name, passKey, keeps })
  const passes = after(1, [inRoom('build', 'passed'), inRoom('test', 'passed'), inRoom('lint', 'passed')])
  const cases: readonly (readonly [string, readonly Keyed[], readonly string[]])[] = [
    ['all, where nothing changed', [gate('build'), gate('test')], ['build', 'test']],
    ['none that rests on something else', [gate('build', other), gate('test')], ['test']],
    ['none that is not known', [gate('new'), gate('__proto__')], []],
    [
      'one that keeps something, with those behind it',
      [gate('build', one, true), gate('test')],
      ['build', 'test'],
    ],
    [
      'not one that keeps something for a gate that runs',
      [gate('build', one, true), gate('test', other)],
      [],
    ],
    [
      'not one that keeps something for a gate that runs later',
      [gate('build', one, true), gate('test'), gate('lint', other)],
      ['test'],
    ],
  ]
  test.each(cases)('%s', (_what, gates, names) => {
    expect([...sparedGates(gates, passes).keys()].sort()).toEqual([...names].sort())
  })

  test('a spared one names the stop that ran it, also when it was spared before', () => {
    const again = after(2, [inRoom('build', 'passed', one, { reused: { stop: 1 } })], passes)
    expect(sparedGates([gate('build')], again).get('build')).toMatchObject({ reused: { stop: 1 } })
  })
})

test('what is reused must stand in the run that is written to', () => {
  const passes = after(1, [inRoom('a', 'passed')])
  const reused = inRoom('a', 'passed', one, { reused: { stop: 1 } })
  expect(stillReusable([reused, inRoom('b', 'passed')], passes)).toBe(true)
  expect(stillReusable([{ ...reused, passKey: other }], passes)).toBe(false)
  expect(stillReusable([reused], {})).toBe(false)
})

test('a gate is known to pass by the start, or by an earlier stop in the room', () => {
  const startGates = { s: command('s', 'passed'), f: command('f', 'failed') }
  const run = { startGates, roomPasses: after(1, [inRoom('r', 'passed')]) }
  expect(['s', 'f', 'r', 'n', 'toString'].map((name) => isKnownToPass(run, name))).toEqual([
    true,
    false,
    true,
    false,
    false,
  ])
})
