import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { MAX_PAYLOAD_CHARS, parsePayload } from '../../src/codex/payload.ts'

const base = {
  session_id: '0199a213-81c0-7800-8aa1-bbab2a035a53',
  transcript_path: '/home/u/.codex/sessions/rollout.jsonl',
  cwd: '/home/u/repo',
  model: 'gpt-5.5',
  permission_mode: 'bypassPermissions',
}
const parsedBase = {
  sessionId: base.session_id,
  transcriptPath: base.transcript_path,
  cwd: base.cwd,
  model: 'gpt-5.5',
  agentId: null,
}

describe('parsePayload', () => {
  test.each([
    [
      'a stop',
      { hook_event_name: 'Stop', turn_id: 't1', stop_hook_active: true, last_assistant_message: 'Done.' },
      { event: 'Stop', turnId: 't1', stopHookActive: true, lastAssistantMessage: 'Done.' },
    ],
    [
      'a stop without message, transcript or model, and with members we do not know',
      {
        hook_event_name: 'Stop',
        turn_id: 't1',
        stop_hook_active: false,
        last_assistant_message: null,
        transcript_path: null,
        model: undefined,
        brand_new: { deep: [1] },
      },
      {
        event: 'Stop',
        turnId: 't1',
        stopHookActive: false,
        lastAssistantMessage: null,
        transcriptPath: null,
        model: null,
      },
    ],
    [
      'a session start (no turn id)',
      { hook_event_name: 'SessionStart', source: 'compact' },
      { event: 'SessionStart', source: 'compact' },
    ],
    [
      'a prompt of a sub-agent',
      { hook_event_name: 'UserPromptSubmit', turn_id: 't2', prompt: 'go', agent_id: 'a1' },
      { event: 'UserPromptSubmit', turnId: 't2', prompt: 'go', agentId: 'a1' },
    ],
    [
      'a plan',
      {
        hook_event_name: 'PostToolUse',
        turn_id: 't3',
        tool_name: 'update_plan',
        tool_input: { plan: [] },
        tool_response: 'Plan updated',
      },
      { event: 'PostToolUse', turnId: 't3', toolName: 'update_plan', toolInput: { plan: [] } },
    ],
  ])('%s', (_name, members, expected) => {
    const result = parsePayload(JSON.stringify({ ...base, ...members }))
    expect(result).toEqual({ ok: true, value: { ...parsedBase, ...expected } })
  })

  test.each([
    ['', 'invalid-json'],
    ['{"session_id":', 'invalid-json'],
    ['null', 'payload-invalid'],
    ['[]', 'payload-invalid'],
    ['"Stop"', 'payload-invalid'],
    ['{}', 'payload-invalid'],
    [JSON.stringify({ ...base, hook_event_name: 'PreCompact' }), 'payload-event'],
    [JSON.stringify({ ...base, hook_event_name: 7 }), 'payload-invalid'],
    [JSON.stringify({ ...base, hook_event_name: 'Stop', session_id: '' }), 'payload-invalid'],
    [JSON.stringify({ ...base, hook_event_name: 'Stop', session_id: 'x'.repeat(5000) }), 'payload-invalid'],
    [JSON.stringify({ ...base, hook_event_name: 'Stop', cwd: '/a\0b' }), 'payload-invalid'],
    [JSON.stringify({ ...base, hook_event_name: 'Stop', stop_hook_active: 'true' }), 'payload-invalid'],
    [JSON.stringify({ ...base, hook_event_name: 'Stop', last_assistant_message: {} }), 'payload-invalid'],
    [JSON.stringify({ ...base, hook_event_name: 'UserPromptSubmit' }), 'payload-invalid'],
    ['{"__proto__":{"session_id":"s","cwd":"/","hook_event_name":"Stop"}}', 'payload-invalid'],
    ['['.repeat(2_000_000), 'invalid-json'],
    [' '.repeat(MAX_PAYLOAD_CHARS + 1), 'payload-too-large'],
  ])('refuses %.60s', (text, code) => {
    const result = parsePayload(text)
    expect(result.ok ? 'accepted' : result.error.code).toBe(code)
  })

  test('names the member that is wrong', () => {
    const result = parsePayload(JSON.stringify({ ...base, hook_event_name: 'PostToolUse', tool_name: null }))
    expect(result).toMatchObject({ ok: false, error: { data: { member: 'tool_name' } } })
  })

  test('never throws, whatever the members hold', () => {
    const names = fc.constantFrom(
      ...Object.keys(base),
      'hook_event_name',
      'agent_id',
      'turn_id',
      'prompt',
      'source',
      'stop_hook_active',
      'last_assistant_message',
      'tool_name',
      'tool_input',
    )
    const value = fc.oneof(
      fc.constantFrom('Stop', 'SessionStart', 'UserPromptSubmit', 'PostToolUse'),
      fc.jsonValue(),
    )
    holds(
      100,
      fc.property(fc.dictionary(names, value), fc.boolean(), (members, onBase) => {
        const result = parsePayload(JSON.stringify(onBase ? { ...base, ...members } : members))
        expect(result.ok || ['payload-invalid', 'payload-event'].includes(result.error.code)).toBe(true)
      }),
    )
  })

  test('never throws on any text', () => {
    holds(
      100,
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        expect(typeof parsePayload(text).ok).toBe('boolean')
      }),
    )
  })
})
