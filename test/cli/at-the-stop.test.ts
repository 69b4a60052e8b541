import { expect, test } from '@jest/globals'
import { atTheStop } from '../../src/cli/at-the-stop.ts'
import type { NetworkSetting } from '../../src/contract/network.ts'
import { commandRecord } from '../../src/gates/command-record.ts'
import type { GateOutcome, GateResult } from '../../src/gates/types.ts'
import { blockReason } from '../../src/verdict/words/block.ts'
import { command } from '../gates/rig.ts'
import { emptyFacts, freshRun, judged } from '../verdict/make.ts'

const failed: GateOutcome = { kind: 'failed', cause: 'exit', exitCode: 1, signal: null }
const result = (outcome: GateOutcome): GateResult => ({
  name: 'test',
  argv: ['npm', 'test'],
  outcome,
  durationMs: 1,
  head: '',
  tail: 'listen EPERM',
  outputBytes: 12,
  logFile: null,
  sandboxed: false,
  box: null,
})
const seen = (network: NetworkSetting, outcome: GateOutcome): GateResult =>
  atTheStop(command('test', ['npm', 'test'], { network }), result(outcome))

test.each<[NetworkSetting, GateOutcome, boolean]>([
  ['loopback', failed, true],
  ['full', failed, true],
  ['none', failed, false],
  [false, failed, false],
  [true, failed, false],
  ['loopback', { kind: 'passed' }, false],
  ['loopback', { ...failed, cause: 'killed' }, false],
])('network %s, %j: left to the stop %s', (network, outcome, left) => {
  const { outcome: now } = seen(network, outcome)
  if (left) expect(now).toMatchObject({ kind: 'could-not-run', lacks: 'loopback' })
  else expect(now).toEqual(outcome)
})

test('it is said as no failure, with its output and with what to do', () => {
  const commands = [commandRecord(seen('loopback', failed))]
  const reason = blockReason(judged({ ...emptyFacts, commands }), freshRun, 'h', { kind: 'attempt' })
  expect(reason).toContain('- gate test runs at the stop; your sandbox has no loopback')
  expect(reason).not.toContain('failed with exit code')
  expect(reason).not.toContain('cannot run here')
  expect(reason).toContain('~~~\nlisten EPERM\n~~~')
  expect(reason).toContain('Next: look at the output of gate test for what is not about the network')
})
