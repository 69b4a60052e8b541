import { describe, expect, test } from '@jest/globals'
import type { CommandRecord, RunRecord } from '../../src/gates/command-record.ts'
import type { GateBox } from '../../src/gates/types.ts'
import { type StartGate, comparedWithStart } from '../../src/verdict/as-at-start.ts'
import type { Facts } from '../../src/verdict/facts.ts'
import type { RunSoFar } from '../../src/verdict/so-far.ts'
import { because } from '../../src/verdict/words/because.ts'
import { blockReason } from '../../src/verdict/words/block.ts'
import { personMessage } from '../../src/verdict/words/person.ts'
import { placeWords } from '../../src/verdict/words/place.ts'
import { command, emptyFacts, freshRun, judged } from './make.ts'

const box: GateBox = {
  rung: 'box',
  network: 'loopback',
  place: 'clean-room',
  seal: { kind: 'sealed', rewrote: [] },
}
const runs = (...ends: RunRecord['outcome'][]): readonly RunRecord[] =>
  ends.map((outcome) => ({ outcome, exitCode: outcome === 'passed' ? 0 : 1, durationMs: 400, logFile: null }))
const inRoom = (
  name: string,
  outcome: CommandRecord['outcome'],
  more: Partial<CommandRecord> = {},
): CommandRecord => command(name, outcome, { box, ...more })

const said = (more: Partial<Facts>, run: Partial<RunSoFar> = {}) => {
  const now = { ...freshRun, ...run }
  const judgement = judged({ ...emptyFacts, ...more }, now)
  return {
    judgement,
    block: blockReason(judgement, now, 'abcdef', { kind: 'session', cli: 'loop' }),
    person: personMessage(judgement, now, 'abcdef', null),
    because: because(judgement, now.contract).join(' '),
  }
}

describe('flaky', () => {
  const passed = inRoom('test', 'passed', { runs: runs('failed', 'passed', 'passed') })

  test('a release says where its gates passed, and which of them not at once', () => {
    const { judgement, person, because: why } = said({ commands: [passed] })
    expect(judgement.verdict).toBe('release')
    expect(person).toContain(
      'gates test passed in the clean room; test is flaky: failed, then passed, then passed on the same files.',
    )
    expect(why).toContain('Gate test is flaky')
  })

  test('a block names it beside what stands in the way', () => {
    const { block } = said({ commands: [passed, inRoom('lint', 'failed')] })
    expect(block).toContain('- for your information: gate test is flaky')
    expect(block).not.toContain('gate test failed')
  })

  test('one that failed in the end is a failure, with all that it said', () => {
    const { block, judgement } = said({
      commands: [inRoom('test', 'failed', { runs: runs('failed', 'passed', 'failed') })],
    })
    expect(judgement.blockers).toEqual([{ kind: 'command', name: 'test' }])
    expect(block).toContain('flaky: failed, then passed, then failed on the same files')
  })

  test('twice the same is not flaky', () => {
    const { block } = said({ commands: [inRoom('test', 'failed', { runs: runs('failed', 'failed') })] })
    expect(block).toContain('failed with exit code 1 (1.2 s), run twice')
    expect(block).not.toContain('flaky')
  })
})

test('what is reused is said with its stop, in the reasons and behind the place', () => {
  const reused = inRoom('test', 'passed', { reused: { stop: 3 } })
  expect(said({ commands: [reused] }).because).toContain('test (stop 3)')
  expect(placeWords(reused)).toContain(', in the clean room, in the box')
  expect(placeWords(reused)).toContain(', reused from stop 3')
  expect(placeWords(command('test', 'passed', { box: { rung: 'box', network: 'none' } }))).not.toMatch(
    /room|reused/,
  )
})

describe('what passes in the workspace alone', () => {
  test('is told with what may make the difference and what an agent can do', () => {
    const inPlace = {
      outcome: 'passed',
      lacks: [
        { kind: 'path', name: 'build/a.txt' },
        { kind: 'dependencies', name: 'node_modules' },
        { kind: 'package', name: 'left-pad' },
      ],
    } as const
    const { block, because: why } = said({ commands: [inRoom('test', 'failed', { inPlace })] })
    expect(block).toContain(
      'it passes in your workspace and not in the clean room, which does not have build/a.txt (git ignores it), node_modules (dependencies are installed by `prepare` there), the package left-pad (it was put in by hand)',
    )
    expect(block).toContain('only the person can say so')
    expect(why).toContain('it passes in the workspace and not in the clean room')
  })

  test('could not run for want of its program: a person hears of it', () => {
    const stuck = inRoom('test', 'could-not-run', {
      why: 'node_modules/.bin/x does not exist',
      inPlace: { outcome: 'passed', lacks: [] },
    })
    expect(said({ commands: [stuck] }).block).toContain('most often because of a file that git ignores')
    const parked = said({ commands: [stuck] }, { couldNotRun: { test: 1 } })
    expect(parked.judgement.verdict).toBe('park')
    expect(parked.person).toContain('it passes in the workspace and not in the clean room')
  })

  test.each(['failed', 'could-not-run'] as const)(
    'one that %s there too is a failure like any other',
    (outcome) => {
      const { block } = said({ commands: [inRoom('test', 'failed', { inPlace: { outcome, lacks: [] } })] })
      expect(block).not.toContain('workspace and not')
    },
  )
})

describe('a step of prepare', () => {
  const step = (work: boolean): CommandRecord =>
    command('prepare[0]', 'failed', { argv: ['npm', 'ci'], prepares: { work } })
  const failed: StartGate = { outcome: 'could-not-run', cause: 'exit' }
  const facts = (work: boolean, start: Readonly<Record<string, StartGate>> = {}): Partial<Facts> => ({
    commands: comparedWithStart([step(work)], start),
    gatesRun: 'none',
  })

  test('that failed on the work is a blocker of its own, and no gate is unknown', () => {
    const { judgement, block } = said(facts(true))
    expect(judgement.blockers).toEqual([{ kind: 'prepare', name: 'prepare[0]' }])
    expect(judgement.outstandingTaskIds).toEqual(['T2'])
    expect(block).toContain(
      'prepare[0] (npm ci), which makes what gates find in the clean room, failed with exit code 1',
    )
    expect(block).toContain('make prepare[0] pass')
  })

  test.each([
    [
      'although it reads nothing of the work',
      facts(false),
      'although nothing that it reads differs from the start',
    ],
    ['as at the start', facts(true, { 'prepare[0]': failed }), 'as it did before there was any work'],
  ])('that failed %s could not run: told once, then parked', (_what, found, words) => {
    const first = said(found)
    expect(first.judgement.verdict).toBe('block')
    expect(first.judgement.blockers).toEqual([{ kind: 'could-not-run', name: 'prepare[0]' }])
    expect(first.block).toContain('could not run (not your fault)')
    expect(first.block).toContain(words)
    const second = said(found, { couldNotRun: { 'prepare[0]': 1 } })
    expect(second.judgement).toMatchObject({ verdict: 'park', park: { commands: ['prepare[0]'] } })
    expect(second.person).toContain(words)
  })

  test('that passed at the start and fails on the work is the work', () => {
    const passed: StartGate = { outcome: 'passed', cause: null }
    expect(said(facts(true, { 'prepare[0]': passed })).judgement.blockers).toEqual([
      { kind: 'prepare', name: 'prepare[0]' },
    ])
  })
})

test('a workspace that moved while it was copied is said as that: no command is unknown, and nothing cheaper was missing', () => {
  const { judgement, block, because: why } = said({ gatesRun: 'none', gateWrites: ['src/a.txt'] })
  expect(judgement.blockers).toEqual([{ kind: 'gate-writes', paths: ['src/a.txt'] }])
  expect(block).toContain('the workspace moved while the gates ran')
  expect(why).not.toContain('cheaper')
})
