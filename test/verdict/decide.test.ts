import { describe, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import type { RunFacts, RunState } from '../../src/ledger/state.ts'
import { type Decision, decide } from '../../src/verdict/decide.ts'
import type { Facts } from '../../src/verdict/facts.ts'
import { command, emptyFacts, freshRun, inSession, nothingChanged, stopBefore } from './make.ts'

const unmet = { taskId: 'T1', index: 0, met: false, found: nothingChanged }
const drift = {
  changes: [
    {
      id: 'package.json#scripts.test',
      file: 'package.json',
      member: 'scripts.test',
      difference: { kind: 'value', was: 'a', now: 'b' },
    },
  ],
  digest: sha256('drift'),
  undoable: true,
} as const
const sleeping = { pid: 7, start: '3', command: 'sleep' }
const passed = [command('test', 'passed')]
const inBox = { rung: 'box', network: 'loopback' } as const

const cases: readonly [string, Partial<Facts>, Partial<RunFacts>, object][] = [
  ['everything holds', { commands: passed }, {}, { verdict: 'release', outstandingTaskIds: [] }],
  [
    'a required evidence is unmet',
    { evidence: [unmet] },
    {},
    { verdict: 'block', cause: 'outstanding', outstandingTaskIds: ['T1', 'T2'] },
  ],
  [
    'only an optional evidence is unmet',
    { evidence: [{ ...unmet, taskId: 'O1' }], commands: passed },
    {},
    { verdict: 'release' },
  ],
  [
    'a gate failed',
    { commands: [command('test', 'failed')] },
    {},
    { verdict: 'block', outstandingTaskIds: ['T2'] },
  ],
  [
    'the plan is open',
    { ...inSession({ plan: { state: 'incomplete', open: ['Beta'] } }), commands: passed },
    {},
    { verdict: 'block' },
  ],
  [
    'the plan is stale',
    { ...inSession({ plan: { state: 'stale', open: ['Beta'] } }), commands: passed },
    {},
    { verdict: 'release' },
  ],
  [
    'the workspace could not be looked at',
    { unseen: 'git is gone', gatesRun: 'none' },
    {},
    { verdict: 'block', outstandingTaskIds: ['T1', 'T2'], blockers: [{ kind: 'workspace' }] },
  ],
  [
    'a command that a task asks for is not in the config any more',
    { commands: [command('lint', 'passed')] },
    {},
    { verdict: 'block', blockers: [{ kind: 'unknown-command', name: 'test' }] },
  ],
  ['only the fast profile ran', { commands: passed, gatesRun: 'fast' }, {}, { verdict: 'block' }],
  ['no gate ran', { gatesRun: 'none' }, {}, { verdict: 'block' }],
  [
    'a process still runs',
    { ...inSession({ background: [sleeping] }), gatesRun: 'none' },
    {},
    { verdict: 'block', blockers: [{ kind: 'background', processes: [sleeping] }] },
  ],
  [
    'another process right after one was named: it is ended, not named',
    { ...inSession({ background: [{ ...sleeping, start: '4' }] }), commands: passed },
    {
      named: ['7/3'],
      lastStop: { ...stopBefore, blockers: [{ kind: 'background', processes: [sleeping] }] },
    },
    { verdict: 'release' },
  ],
  [
    'a process that was named before',
    { ...inSession({ background: [sleeping] }), commands: passed },
    { named: ['7/3'] },
    { verdict: 'release' },
  ],
  [
    'another process under the number of one that was named',
    { ...inSession({ background: [{ ...sleeping, start: '4' }] }), gatesRun: 'none' },
    { named: ['7/3'] },
    { verdict: 'block', blockers: [{ kind: 'background', processes: [{ pid: 7, start: '4' }] }] },
  ],
  [
    'a process that was named before, beside a gate that fails: no part of the signature',
    { ...inSession({ background: [sleeping] }), commands: [command('test', 'failed')] },
    { named: ['7/3'] },
    { verdict: 'block', blockers: [{ kind: 'command' }] },
  ],
  [
    'a process that was named before and could not be ended',
    { ...inSession({ background: [sleeping], endTried: true }), commands: passed },
    { named: ['7/3'] },
    { verdict: 'block', blockers: [{ kind: 'background', processes: [sleeping] }] },
  ],
  [
    'a process that was ended',
    { ...inSession({ ended: ['7 sleep'], endTried: true }), commands: passed },
    { named: ['7/3'] },
    { verdict: 'release' },
  ],
  [
    'a process that the policy lets stay',
    { ...inSession({ background: [sleeping] }), commands: passed },
    { contract: { ...freshRun.contract, policy: { ...freshRun.contract.policy, background: 'allow' } } },
    { verdict: 'release' },
  ],
  [
    'a gate could not run, again, while a process runs',
    { ...inSession({ background: [sleeping] }), commands: [command('test', 'could-not-run')] },
    { named: ['7/3'], couldNotRun: { test: 1 } },
    { verdict: 'park', park: { kind: 'could-not-run', commands: ['test'] } },
  ],
  [
    'the workspace moved under the gates',
    { gateWrites: ['src/a'], commands: passed },
    {},
    { verdict: 'block' },
  ],
  [
    'a sealed gate passed by rewriting a source',
    {
      commands: [
        command('test', 'passed', { box: { ...inBox, seal: { kind: 'sealed', rewrote: ['src/a'] } } }),
      ],
    },
    {},
    { verdict: 'block', blockers: [{ kind: 'gate-rewrote', name: 'test', paths: ['src/a'] }] },
  ],
  [
    'a sealed gate left everything as it was',
    { commands: [command('test', 'passed', { box: { ...inBox, seal: { kind: 'sealed', rewrote: [] } } })] },
    {},
    { verdict: 'release' },
  ],
  [
    'a gate could not run, first time',
    { commands: [command('test', 'could-not-run')] },
    {},
    { verdict: 'block' },
  ],
  [
    'a gate could not run, second time',
    { commands: [command('test', 'could-not-run')] },
    { couldNotRun: { test: 1 } },
    { verdict: 'park', park: { kind: 'could-not-run', commands: ['test'] } },
  ],
  [
    'a gate could not run again, and work is open too',
    { commands: [command('test', 'could-not-run')], evidence: [unmet] },
    { couldNotRun: { test: 1 } },
    { verdict: 'block' },
  ],
  ['the definition changed', { drift, gatesRun: 'none' }, {}, { verdict: 'block', cause: 'definition' }],
  [
    'the same definition change again',
    { drift, gatesRun: 'none' },
    { shownDrifts: [drift.digest] },
    { verdict: 'park', park: { kind: 'definition', digest: drift.digest } },
  ],
  [
    'a definition change out of reach',
    { drift: { ...drift, undoable: false }, gatesRun: 'none' },
    {},
    { verdict: 'park', park: { kind: 'definition', digest: drift.digest } },
  ],
  [
    'a changed definition outranks a wish to wait',
    { drift, ...inSession({ wait: { reason: 'r' } }), gatesRun: 'none' },
    {},
    { verdict: 'block', cause: 'definition' },
  ],
  [
    'the agent waits for a person',
    { ...inSession({ wait: { reason: 'key?' } }), evidence: [unmet], gatesRun: 'none' },
    {},
    { verdict: 'park', park: { kind: 'wait', reason: 'key?' } },
  ],
]

test.each(cases)('%s', (_name, facts, run, expected) => {
  expect(decide({ ...emptyFacts, ...facts }, { ...freshRun, ...run })).toMatchObject(expected)
})

describe('limits', () => {
  const facts: Facts = { ...emptyFacts, evidence: [unmet], gatesRun: 'fast' }
  const stop = (run: RunState, decision: Decision): RunState => ({
    ...run,
    iteration: run.iteration + 1,
    repeated:
      run.lastStop?.signature === decision.signature && run.lastStop.workspace === facts.workspace
        ? run.repeated + 1
        : 1,
    lastStop: { ...stopBefore, signature: decision.signature, workspace: facts.workspace },
  })

  test('the last of maxStopIterations blocks halts', () => {
    expect(decide(facts, { ...freshRun, iteration: 3 })).toMatchObject({ verdict: 'block' })
    expect(decide(facts, { ...freshRun, iteration: 4 })).toMatchObject({
      verdict: 'halt',
      halt: { kind: 'limit', limit: 'maxStopIterations', reached: 5, allowed: 5 },
    })
  })

  test('the same blocker in an unchanged workspace halts at the third stop', () => {
    let run: RunState = freshRun
    const verdicts: string[] = []
    for (let n = 0; n < 3; n += 1) {
      const decision = decide(facts, run)
      verdicts.push(decision.verdict)
      run = stop(run, decision)
    }
    expect(verdicts).toEqual(['block', 'block', 'halt'])
  })

  test('the same blocker is not repeated while files change', () => {
    let run: RunState = freshRun
    for (let n = 0; n < 4; n += 1) {
      const moving = { ...facts, workspace: sha256(`workspace ${n}`) }
      const decision = decide(moving, run)
      expect(decision.verdict).toBe('block')
      run = {
        ...run,
        iteration: run.iteration + 1,
        repeated: 1,
        lastStop: { ...stopBefore, signature: decision.signature, workspace: moving.workspace },
      }
    }
  })

  test('output and durations do not make a blocker new', () => {
    const a = decide(
      { ...facts, commands: [command('test', 'failed', { tail: 'at 12:00', durationMs: 1 })] },
      freshRun,
    )
    const b = decide(
      { ...facts, commands: [command('test', 'failed', { tail: 'at 12:01', durationMs: 2 })] },
      freshRun,
    )
    expect(a.signature).toBe(b.signature)
  })

  test.each([
    ['before', 59_999, 'block'],
    ['at', 60_000, 'halt'],
  ])('maxMinutes: %s the minute', (_name, now, verdict) => {
    const run = {
      ...freshRun,
      contract: { ...freshRun.contract, limits: { ...freshRun.contract.limits, maxMinutes: 1 } },
    }
    expect(decide({ ...facts, now }, run).verdict).toBe(verdict)
  })

  test('a release is never turned into a halt', () => {
    expect(decide({ ...emptyFacts, commands: passed }, { ...freshRun, iteration: 99 }).verdict).toBe(
      'release',
    )
  })
})
