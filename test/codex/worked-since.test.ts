import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { workedSince } from '../../src/codex/transcript/worked-since.ts'
import { addCommand, addItems, addMessage } from '../rig/transcript.ts'

let dir: string
let file: string
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'worked-since-'))
  file = path.join(dir, 'rollout.jsonl')
  addCommand(file, 'ls', 'src')
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

const length = (): number => fs.statSync(file).size

test('a tool call behind the place counts, one before it does not', () => {
  const from = length()
  expect(workedSince(file, from)).toBe(false)
  addMessage(file, 'I am done.')
  expect(workedSince(file, from)).toBe(false)
  addCommand(file, 'true', '')
  expect(workedSince(file, from)).toBe(true)
  expect(workedSince(file, length())).toBe(false)
})

test.each(['custom_tool_call', 'local_shell_call', 'function_call'])('%s is one', (type) => {
  const from = length()
  addItems(file, { type, name: 'exec', input: '1' })
  addMessage(file, 'x'.repeat(600_000))
  expect(workedSince(file, from)).toBe(true)
})

test('the outputs of calls, what a text says of them, and lines of other kinds are none', () => {
  const from = length()
  addItems(
    file,
    { type: 'function_call_output', name: 'goal_objective', output: '{"type":"function_call"}' },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: '"function_call"' }] },
  )
  const other = { type: 'event_msg', payload: { type: 'mcp_tool_call' } }
  fs.appendFileSync(file, `${JSON.stringify(other)}\nno JSON "function_call"\n`)
  expect(workedSince(file, from)).toBe(false)
})

test('nobody can tell of a transcript that is gone or became shorter', () => {
  expect(workedSince(file, length() + 1)).toBeNull()
  expect(workedSince(path.join(dir, 'none'), 0)).toBeNull()
  expect(workedSince(dir, 0)).toBeNull()
})
