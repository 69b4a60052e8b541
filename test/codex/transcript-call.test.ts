import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { printedByCall } from '../../src/codex/transcript/call.ts'
import { addItems } from '../rig/transcript.ts'

let dir: string
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'transcript-call-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

const call = (name: string, words: string, id = 'c1') => ({
  type: 'function_call',
  name,
  arguments: JSON.stringify({ cmd: words }),
  call_id: id,
})
const output = (text: string, id = 'c1') => ({ type: 'function_call_output', call_id: id, output: text })
const said = (text: string) => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text }],
})

test.each<[string, object[], boolean]>([
  ['the output of the call', [call('exec_command', 'ask me'), output('id 42x')], true],
  [
    'code mode, whose output is a list with JSON in it',
    [
      { type: 'custom_tool_call', name: 'exec', input: 'text(await ask())', call_id: 'c1' },
      {
        type: 'custom_tool_call_output',
        call_id: 'c1',
        output: [{ type: 'input_text', text: '{"id":"42x"}' }],
      },
    ],
    true,
  ],
  [
    '0.125, whose call holds a list',
    [{ type: 'local_shell_call', call_id: 'c1', action: { command: ['sh', 'ask'] } }, output('42x')],
    true,
  ],
  [
    'read on after it took long',
    [call('exec_command', 'ask'), output('runs'), call('write_stdin', '', 'c2'), output('42x', 'c2')],
    true,
  ],
  [
    'more than a megabyte after it',
    [call('exec_command', 'ask'), output('42x'), said('z'.repeat(1_500_000))],
    true,
  ],
  [
    'a later command printed it as well',
    [call('exec_command', 'ask'), output('42x'), call('exec_command', 'cat', 'c2'), output('42x', 'c2')],
    true,
  ],
  [
    'another command printed it',
    [call('exec_command', 'ask', 'c0'), output('1', 'c0'), call('exec_command', 'cat'), output('42x')],
    false,
  ],
  ['it stands in the words of the call only', [call('exec_command', 'ask 42x'), output('no')], false],
  ['it was said', [call('exec_command', 'ask'), output('no'), said('42x')], false],
  ['its call is gone', [output('42x')], false],
  ['an output without an id', [call('exec_command', 'ask', ''), output('42x', '')], false],
])('%s', (_what, items, expected) => {
  const file = path.join(dir, 'rollout.jsonl')
  addItems(file, ...items)
  fs.appendFileSync(file, 'torn 42x')
  expect(printedByCall(file, '42x', (words) => words.includes('ask'))).toEqual({ ok: true, value: expected })
})

test('a transcript that is not there or no file is a failure, not a no', () => {
  expect(printedByCall(path.join(dir, 'none'), 'x', () => true)).toMatchObject({ error: { code: 'missing' } })
  expect(printedByCall(dir, 'x', () => true)).toMatchObject({ error: { code: 'not-regular' } })
})
