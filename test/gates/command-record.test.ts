import { expect, test } from '@jest/globals'
import { commandRecord } from '../../src/gates/command-record.ts'
import type { GateResult } from '../../src/gates/types.ts'

const result: GateResult = {
  name: 'test',
  argv: ['sh', 'check.sh'],
  outcome: { kind: 'failed', cause: 'exit', exitCode: 1, signal: null },
  durationMs: 1,
  outputBytes: 0,
  head: '',
  tail: '',
  logFile: '/home/dev/logs/1-test.log',
  sandboxed: true,
  box: null,
}

test('secrets that a gate prints are not recorded, also where the record cuts them', () => {
  const secret = 'a1'.repeat(3_100)
  const { tail } = commandRecord({ ...result, tail: `PASSWORD=${secret}\nfailed\n` })
  expect(tail).toBe('PASSWORD=***\nfailed\n')
  expect(commandRecord({ ...result, head: 'token: abc123', tail: '' }).tail).toBe('token: ***')
})

test('what could not run says so without the address it used', () => {
  const why = 'fatal: https://dev:hunter2@x.test/a.git was not found'
  const outcome = { kind: 'could-not-run', why } as const
  expect(commandRecord({ ...result, outcome }).why).toBe('fatal: https://dev:***@x.test/a.git was not found')
})
