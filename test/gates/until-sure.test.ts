import { expect, test } from '@jest/globals'
import type { GateOutcome, GateResult } from '../../src/gates/types.ts'
import { runUntilSure } from '../../src/gates/until-sure.ts'
import { commandRecord } from '../../src/gates/command-record.ts'
import { isFlaky } from '../../src/verdict/room-passes.ts'

const outcomes: Readonly<Record<string, GateOutcome>> = {
  P: { kind: 'passed' },
  F: { kind: 'failed', cause: 'exit', exitCode: 1, signal: null },
  S: { kind: 'failed', cause: 'signal', exitCode: null, signal: 'SIGSEGV' },
  T: { kind: 'failed', cause: 'timeout', exitCode: null, signal: null },
  K: { kind: 'failed', cause: 'killed', exitCode: null, signal: null },
  C: { kind: 'failed', cause: 'changed', exitCode: null, signal: null, changed: [] },
  N: { kind: 'could-not-run', why: 'no program' },
}

/** One gate that ends like this, run after run. */
async function played(
  ends: string,
  known: boolean,
): Promise<{ readonly ran: string; readonly result: GateResult }> {
  let ran = ''
  const result = await runUntilSure(async (nth) => {
    const end = ends[nth - 1] ?? '?'
    ran += end
    const outcome = outcomes[end]
    if (outcome === undefined) throw new Error(`run ${nth} was not wanted`)
    const [durationMs, tail] = [10, `run ${nth}`]
    return {
      name: 'test',
      argv: ['test'],
      outcome,
      durationMs,
      head: '',
      tail,
      outputBytes: 5,
      logFile: null,
      sandboxed: true,
      box: null,
    }
  }, known)
  return { ran, result }
}

test.each([
  ['P', true, 'P', 'passed', false],
  ['F', false, 'F', 'failed', false],
  ['FF', true, 'FF', 'failed', false],
  ['FPP', true, 'FPP', 'passed', true],
  ['FPF', true, 'FPF', 'failed', true],
  ['SPP', true, 'SPP', 'passed', true],
  ['FPT', true, 'FPT', 'failed', true],
  ['FK', true, 'FK', 'failed', false],
  ['FN', true, 'FN', 'could-not-run', false],
  ['T', true, 'T', 'failed', false],
  ['K', true, 'K', 'failed', false],
  ['C', true, 'C', 'failed', false],
  ['N', true, 'N', 'could-not-run', false],
])('%s, known to pass: %s', async (ends, known, wanted, outcome, flaky) => {
  const { ran, result } = await played(ends, known)
  expect(ran).toBe(wanted)
  const record = commandRecord(result)
  expect(record).toMatchObject({ outcome, durationMs: 10 * ran.length, tail: `run ${ran.length}` })
  expect(record.runs?.length).toBe(ran.length === 1 ? undefined : ran.length)
  expect(isFlaky(record)).toBe(flaky)
  if (ran.length > 1) expect(record.runs?.map((run) => run.tail)).toEqual(tails(ran))
})

/** Only what failed and was not the last is kept apart. */
const tails = (ran: string): (string | undefined)[] =>
  ran.split('').map((end, at) => (end === 'P' || at === ran.length - 1 ? undefined : `run ${at + 1}`))
