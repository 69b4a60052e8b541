import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Result } from '../../src/base/result.ts'
import { type Probe, type Results, preflightOf, probes, readResults } from '../../src/gates/preflight.ts'
import { type BoxLab, makeBoxLab, peopleHere } from './lab.ts'
import type { Wall } from './preflight-job.ts'

/** What gives in behind each wall. Only root may set the kernel at all. */
const walls: readonly (readonly [Wall, readonly Probe[]])[] = [
  ['box', []],
  ['box-no-unix', ['fifo']],
  ['codex-only', ['fifo', 'keyring', 'kernel-settings']],
  ['no overlays', ['late-socket', 'fifo']],
  ['no filter', ['keyring']],
  ['no box', ['late-socket', 'fifo', 'keyring', 'parent-memory', 'kernel-settings']],
  ['a descriptor', probes],
]

describe.each(peopleHere)('%s', (_name, uid) => {
  let lab: BoxLab
  beforeAll(() => {
    lab = makeBoxLab(uid)
  })
  afterAll(() => lab.remove())

  const setsTheKernel = uid === null && process.getuid?.() === 0

  test.each(walls)('%s: what it does not hold is found', (wall, given) => {
    const planted = JSON.parse(lab.start('test/box/preflight-job.ts', 'plant', { wall })) as { said: string }
    expect(planted).toEqual({ said: expect.anything() })
    const found = JSON.parse(planted.said) as Result<Results>
    const reached = given.filter((probe) => setsTheKernel || probe !== 'kernel-settings')
    expect(found.ok ? preflightOf(found.value) : found).toEqual({ reached, untried: [] })
  })
})

test('what was not tried, or is not understood, does not count as held', () => {
  const written = { fifo: 'reached', keyring: 'untried', descriptors: 'held', 'parent-memory': 'perhaps' }
  expect(preflightOf(readResults(written))).toEqual({
    reached: ['fifo'],
    untried: ['late-socket', 'keyring', 'parent-memory', 'kernel-settings'],
  })
})
