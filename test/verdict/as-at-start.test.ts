import { expect, test } from '@jest/globals'
import type { CommandRecord } from '../../src/gates/command-record.ts'
import type { LikelyCause } from '../../src/gates/likely-cause.ts'
import { type StartGate, comparedWithStart, startGatesAfter } from '../../src/verdict/as-at-start.ts'
import { blockReason } from '../../src/verdict/words/block.ts'
import { personMessage } from '../../src/verdict/words/person.ts'
import { command, emptyFacts, freshRun, judged } from './make.ts'

const lacks = (name: string, more: Partial<LikelyCause> = {}): LikelyCause => ({
  kind: 'missing-module',
  name,
  own: false,
  ...more,
})
const start = (more: Partial<StartGate>): StartGate => ({ outcome: 'failed', cause: 'exit', ...more })
const passed = start({ outcome: 'passed', cause: null })

/* The start's result, what the gate says now, and what becomes of it. */
const table: readonly (readonly [
  what: string,
  before: StartGate | null,
  likely: LikelyCause | undefined,
  outcome: CommandRecord['outcome'],
])[] = [
  ['the start lacked the same', start({ likely: lacks('requests') }), lacks('requests'), 'could-not-run'],
  ['the start lacked another', start({ likely: lacks('yaml') }), lacks('requests'), 'failed'],
  ['the start failed for another reason', start({}), lacks('requests'), 'failed'],
  ['the start passed', passed, lacks('requests'), 'failed'],
  ['nothing is known of the start', null, lacks('requests'), 'failed'],
  ['its own program, nothing known', null, lacks('ruff', { own: true }), 'could-not-run'],
  ['its own program, the start passed', passed, lacks('ruff', { own: true }), 'failed'],
  ['another kind of the same name', start({ likely: lacks('x', { kind: 'no-dns' }) }), lacks('x'), 'failed'],
  ['no cause', start({ likely: lacks('requests') }), undefined, 'failed'],
]

test.each(table)('%s: %j, now %j: %s', (_what, before, likely, outcome) => {
  const now = command('test', 'failed', likely ? { likely } : {})
  const [compared] = comparedWithStart([now], before ? { test: before } : {})
  expect(compared?.outcome).toBe(outcome)
  // Said twice, it stays the same.
  expect(comparedWithStart([compared!], before ? { test: before } : {})).toEqual([compared])
})

test('a name that every object has is no result of the start', () => {
  const now = command('constructor', 'failed', { likely: lacks('x') })
  expect(comparedWithStart([now], {})).toEqual([now])
})

test('what could not run is said with what helps, and keeps its output', () => {
  const likely = lacks('ruff', { own: true })
  const commands = comparedWithStart(
    [command('test', 'failed', { likely, why: null, tail: 'No module named ruff' })],
    {},
  )
  const reason = blockReason(judged({ ...emptyFacts, commands }), freshRun, 'h', { kind: 'attempt' })
  expect(reason).toContain(
    'gate test could not run (not your fault): the module ruff is not installed; fix: install ruff where the gate runs',
  )
  expect(reason).toContain('~~~\nNo module named ruff\n~~~')
  const again = { ...freshRun, couldNotRun: { test: 1 } }
  expect(personMessage(judged({ ...emptyFacts, commands }, again), again, 'h', null)).toContain(
    'These gates cannot run here: test (the module ruff is not installed',
  )
})

test('what stays failed names the likely cause, and zero tests that the start has too are said to be so', () => {
  const words = (one: CommandRecord): string =>
    blockReason(judged({ ...emptyFacts, commands: [one] }), freshRun, 'h', { kind: 'attempt' })
  expect(words(command('test', 'failed', { likely: lacks('requests') }))).toContain(
    'failed with exit code 1; a likely cause: the module requests is not installed',
  )
  const zero = command('test', 'failed', { cause: 'zero-tests', exitCode: 0 })
  expect(words(zero)).toContain('ended with exit code 0, but ran no tests (')
  const known = startGatesAfter(undefined, [zero])
  expect(words(comparedWithStart([zero], known)[0]!)).toContain('ran no tests, and none at the start either')
})

test.each([
  ['no-dns', 'example.org', 'loopback', 'set "network": "full"'],
  ['no-dns', 'example.org', 'full', 'see to the network of this machine'],
  ['no-loopback', '127.0.0.1', 'none', 'set "network": "loopback"'],
  ['no-loopback', '127.0.0.1', 'loopback', 'autonomous-loop doctor'],
  ['read-only', '/home/u/.x', 'loopback', 'add "/home/u/.x" to `writable`'],
  ['missing-gem', 'rake', 'loopback', 'install rake where the gate runs'],
] as const)('%s of %s under %s: %s', (kind, name, network, fix) => {
  const likely = { kind, name, own: false }
  const now = command('test', 'failed', { likely, box: { rung: 'box', network } })
  const commands = comparedWithStart([now], { test: start({ likely }) })
  const reason = blockReason(judged({ ...emptyFacts, commands }), freshRun, 'h', { kind: 'attempt' })
  expect(reason).toContain('and it failed in the same way before there was any work; fix: ')
  expect(reason).toContain(fix)
})
