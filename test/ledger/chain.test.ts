import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { sha256 } from '../../src/base/hash.ts'
import {
  type Chain,
  type Position,
  beginning,
  encodeEvents,
  readChain as walk,
} from '../../src/ledger/chain.ts'
import type { LedgerEvent, NewEvent } from '../../src/ledger/events.ts'
import { newEvents } from './arbitrary.ts'
import { stop } from './world.ts'

/** A ledger's bytes, each event written on its own, and the events in it. */
function written(
  events: readonly NewEvent[],
  from: Position = beginning,
): { file: Buffer; events: LedgerEvent[] } {
  let at = from
  const parts: Buffer[] = []
  const all: LedgerEvent[] = []
  for (const event of events) {
    const one = encodeEvents(at, null, all.length * 10, [event])
    parts.push(one.bytes)
    all.push(...one.events)
    at = { bytes: at.bytes + one.bytes.length, seq: at.seq + 1, head: one.events[0]?.hash ?? '', ended: true }
  }
  return { file: Buffer.concat(parts), events: all }
}

function readChain(file: Buffer, from: Position = beginning): Chain & { events: LedgerEvent[] } {
  const events: LedgerEvent[] = []
  return { ...walk(file, from, (event) => events.push(event)), events }
}

const some = newEvents.filter((events) => events.length > 0)
const three = written([stop({ stop: 1 }), stop({ stop: 2 }), stop({ stop: 3 })])
const lines = three.file.toString().trimEnd().split('\n')

describe('what was written is what is read', () => {
  test('event by event or all at once: the same bytes', () => {
    holds(
      100,
      fc.property(newEvents, (events) => {
        const once = encodeEvents(beginning, null, 0, events)
        const chain = readChain(once.bytes)
        expect(chain).toMatchObject({ state: 'intact', events: once.events })
        expect(chain.at.seq).toBe(events.length)
      }),
    )
  })

  test('verification goes on where it stopped', () => {
    holds(
      100,
      fc.property(newEvents, newEvents, (first, second) => {
        const before = readChain(written(first).file)
        const whole = written([...first, ...second])
        const after = readChain(whole.file, before.at)
        expect(after.events).toEqual(whole.events.slice(first.length))
        expect(after.at).toEqual(readChain(whole.file).at)
      }),
    )
  })

  test('reading leaves the bytes as they were', () => {
    const copy = Buffer.from(three.file)
    readChain(three.file)
    expect(three.file.equals(copy)).toBe(true)
  })
})

describe('a write that was cut short', () => {
  test('at any byte: what came before is kept, the rest is named, and the next record repairs it', () => {
    holds(
      100,
      fc.property(some, newEvents, fc.double({ min: 0, max: 1, noNaN: true }), (events, next, where) => {
        const { file, events: all } = written(events)
        const cut = Math.floor(where * file.length)
        const chain = readChain(file.subarray(0, cut))
        if (chain.state === 'broken') throw new Error(chain.why)
        expect(chain.events).toEqual(all.slice(0, chain.events.length))
        expect(chain.at.bytes + (chain.state === 'intact' ? 0 : chain.torn.bytes)).toBe(cut)
        const torn = chain.state === 'intact' ? null : chain.torn

        const repair = encodeEvents(chain.at, torn, 5, next)
        const repaired = readChain(Buffer.concat([file.subarray(0, cut), repair.bytes]))
        expect(repaired).toMatchObject({ state: 'intact', events: [...chain.events, ...repair.events] })
      }),
    )
  })

  test.each([
    ['zeros', Buffer.alloc(200)],
    ['a single newline', Buffer.from('\n')],
    ['a single space', Buffer.from(' ')],
    ['lines of garbage', Buffer.from('\nx\n\n{"a":1}\n{')],
    ['JSON that is no record', Buffer.from('\n{"seq":4,"at":1}')],
  ])('%s at the end', (_what, garbage) => {
    const file = Buffer.concat([three.file, garbage])
    const chain = readChain(file)
    expect(chain).toMatchObject({
      state: 'torn-tail',
      torn: { bytes: garbage.length, sha256: sha256(garbage) },
    })
    if (chain.state !== 'torn-tail') return
    const repair = encodeEvents(chain.at, chain.torn, 5, [])
    expect(readChain(Buffer.concat([file, repair.bytes])).state).toBe('intact')
  })

  test('one torn twice, the second time in the repair itself', () => {
    const first = Buffer.concat([three.file, Buffer.from('{"seq":4')])
    const chain = readChain(first)
    if (chain.state !== 'torn-tail') throw new Error(chain.state)
    const half = encodeEvents(chain.at, chain.torn, 5, []).bytes.subarray(0, 40)
    const second = Buffer.concat([first, half])
    const again = readChain(second)
    if (again.state !== 'torn-tail') throw new Error(again.state)
    expect(again.torn.bytes).toBe(8 + 40)
    const repair = encodeEvents(again.at, again.torn, 5, [])
    expect(readChain(Buffer.concat([second, repair.bytes]))).toMatchObject({
      state: 'intact',
      at: { seq: 4 },
    })
  })
})

describe('a file that somebody changed', () => {
  test('any byte of any record but the last: broken there, and nothing after it counts', () => {
    holds(
      100,
      fc.property(
        some,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        (events, where, flip) => {
          const { file, events: all } = written([...events, stop()])
          const lastStart = file.lastIndexOf(10, file.length - 2)
          const at = Math.min(Math.floor(where * lastStart), lastStart - 1)
          const changed = Buffer.from(file)
          changed[at] = (changed[at] ?? 0) ^ flip
          const chain = readChain(changed)
          expect(chain.state).toBe('broken')
          expect(chain.events).toEqual(all.slice(0, chain.events.length))
          expect(chain.events.length).toBeLessThan(all.length - 1)
        },
      ),
    )
  })

  test('any byte of the last record: never intact', () => {
    for (let at = three.file.lastIndexOf(10, three.file.length - 2) + 1; at < three.file.length; at += 1) {
      const changed = Buffer.from(three.file)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(readChain(changed)).toMatchObject({ events: three.events.slice(0, 2) })
    }
  })

  const text = (...parts: (string | undefined)[]) => Buffer.from(parts.map((part) => `${part}\n`).join(''))
  const forged = encodeEvents(
    { ...beginning, seq: 1, head: three.events[0]?.hash ?? '' },
    { bytes: 2, sha256: sha256('xx') },
    1,
    [],
  ).bytes.toString()
  const odd = (event: object) => encodeEvents(beginning, null, 1, [event as NewEvent]).bytes
  const table: [string, Buffer, string][] = [
    ['a record taken out', text(lines[0], lines[2]), 'its number'],
    ['two records exchanged', text(lines[0], lines[2], lines[1]), 'its number'],
    ['a record twice', text(lines[0], lines[0], lines[1]), 'its number'],
    ['the first record gone', text(lines[1], lines[2]), 'its number'],
    ['garbage between records', text(lines[0], 'garbage', lines[1], lines[2]), 'not a record'],
    ['an empty line between records', text(lines[0], '', lines[1]), 'not a record'],
    ['a newline taken out', Buffer.from(`${lines[0]}${lines[1]}\n${lines[2]}\n`), 'damaged'],
    [
      'the newline at the end exchanged, records after it',
      Buffer.from(`${lines[0]} ${lines[1]}\n`),
      'damaged',
    ],
    [
      'a value changed, the hash kept',
      text(lines[0]?.replace('not yet', 'all done'), lines[1]),
      'does not match',
    ],
    [
      'a damaged last record that ends as a record does',
      text(lines[0], lines[1]?.replace('{', '[')),
      'damaged',
    ],
    [
      'another first record',
      Buffer.concat([odd(stop({ stop: 9 })), text(lines[1], lines[2])]),
      'does not follow',
    ],
    ['torn bytes taken out from before their repair', Buffer.from(`${lines[0]}${forged}`), 'repair'],
    ['torn bytes changed before their repair', Buffer.from(`${lines[0]}\nxy${forged}`), 'not a record'],
    ['a type from a later version', odd({ type: 'dreamt', data: {} }), 'unknown to this version'],
    ['a type that every object has', odd({ type: 'constructor', data: {} }), 'unknown to this version'],
    ['an event without its members', odd({ type: 'activated', data: { runId: 'r' } }), 'missing'],
    [
      'a stop with an invented verdict',
      odd({ type: 'stop', data: { ...stop().data, verdict: 'accept' } }),
      'verdict',
    ],
    [
      'a stop with commands that are none',
      odd({ type: 'stop', data: { ...stop().data, commands: [7] } }),
      'commands',
    ],
    ['data that is no object', odd({ type: 'prompt', data: null }), 'not an object'],
  ]
  test.each(table)('%s', (_what, file, why) => {
    expect(readChain(file)).toMatchObject({ state: 'broken', why: expect.stringContaining(why) as unknown })
  })

  test('bytes of any kind are read without a throw', () => {
    holds(
      100,
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, after) => {
        const file = Buffer.concat([after ? three.file : Buffer.alloc(0), bytes])
        expect(readChain(file).events.length).toBe(after ? 3 : 0)
      }),
    )
  })
})
