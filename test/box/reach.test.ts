import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { command } from '../gates/rig.ts'
import { type BoxLab, makeBoxLab, people } from './lab.ts'

const probe = command('gate', ['/usr/bin/python3', 'probe.py', 'places.json'], { network: 'loopback' })

describe.each(people)('%s', (_name, uid) => {
  let lab: BoxLab
  beforeAll(() => {
    lab = makeBoxLab(uid)
  })
  afterAll(() => lab.remove())

  const reached = (place: 'box' | 'box-no-unix' | 'outside', network: 'loopback' | 'none' = 'loopback') => {
    const result = lab.run({ place, person: true, command: { ...probe, network } })
    expect(result.outcome).toEqual({ kind: 'passed' })
    const all = JSON.parse(result.tail) as Record<string, boolean>
    return {
      all: Object.keys(all).sort(),
      reached: Object.keys(all).filter((name) => all[name]),
      box: result.box,
    }
  }

  test('what a person has is reached without a box, and nothing of it from inside', () => {
    const outside = reached('outside')
    // Only root may set the kernel, a descriptor is covered for every gate, and not every machine has an address.
    const never = ['kernel setting', 'inherited descriptor', 'address of the host']
    expect(outside.reached).toEqual(expect.arrayContaining(outside.all.filter((one) => !never.includes(one))))
    // Without overlays a FIFO is the same FIFO inside: the one thing that rung leaves.
    for (const [place, network, left] of [
      ['box', 'loopback', []],
      ['box', 'none', []],
      ['box-no-unix', 'loopback', ['FIFO in HOME']],
    ] as const) {
      const inside = reached(place, network)
      expect(inside).toEqual({ all: outside.all, reached: left, box: { rung: place, network } })
    }
  }, 60_000)
})
