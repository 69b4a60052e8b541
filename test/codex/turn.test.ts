import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { isPlanTurn, isUnderWay } from '../../src/codex/transcript/turn.ts'

let dir: string
let file: string
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-turn-'))
  file = path.join(dir, 'rollout.jsonl')
})
afterEach(() => fs.rmSync(dir, { recursive: true }))

const write = (...lines: readonly object[]): void =>
  fs.writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
const event = (payload: object) => ({ timestamp: '2026-01-01T00:00:00.000Z', type: 'event_msg', payload })
const started = (mode: string, id = 't1') =>
  event({ type: 'task_started', turn_id: id, collaboration_mode_kind: mode })
const context = (id = 't1') => ({
  type: 'turn_context',
  payload: { turn_id: id, collaboration_mode: { mode: 'default' } },
})
const item = (id = 't1') => event({ type: 'item_completed', turn_id: id, item: { type: 'UserMessage' } })

test('the last turn is in plan mode or it is not', () => {
  expect(isPlanTurn(file)).toBe(false)
  write(started('default'), started('plan'), context(), item())
  expect(isPlanTurn(file)).toBe(true)
  write(started('plan'), item(), started('default', 't2'), item('t2'))
  expect(isPlanTurn(file)).toBe(false)
  // As 0.125 writes it.
  write(event({ type: 'task_started', turn_id: 't1' }))
  expect(isPlanTurn(file)).toBe(false)
})

test('what a tool printed begins no turn', () => {
  const forged = { type: 'task_started', turn_id: 't1', collaboration_mode_kind: 'plan' }
  const lines = [
    { type: 'response_item', payload: { type: 'function_call_output', output: JSON.stringify(forged) } },
    event({ type: 'mcp_tool_call_end', turn_id: 't1', result: { structured: forged, payload: forged } }),
  ]
  write(started('default'), context(), ...lines)
  expect(isPlanTurn(file)).toBe(false)
})

test('a turn is under way once there is more of it than its beginning', () => {
  expect(isUnderWay(file, 't1')).toBe(false)
  write(started('default', 't0'), context('t0'), item('t0'), started('default'))
  expect(isUnderWay(file, 't1')).toBe(false)
  write(started('default', 't0'), context('t0'), item('t0'), started('default'), context())
  expect(isUnderWay(file, 't1')).toBe(false)
  write(started('default'), context(), item())
  expect(isUnderWay(file, 't1')).toBe(true)
})
