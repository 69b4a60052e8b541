import { expect, test } from '@jest/globals'
import { agentMarks, detectSession } from '../../src/codex/session.ts'
import { codexVersions, execCommand, inOrder, inputTexts, message, withLab } from '../rig/codex.ts'

test.each([
  [{}, null],
  [{ CODEX_SESSION_ID: '', CODEX_THREAD_ID: '' }, null],
  [{ CODEX_THREAD_ID: 't' }, null],
  [
    { CODEX_SESSION_ID: 's', CODEX_THREAD_ID: 't' },
    { sessionId: 's', source: 'CODEX_SESSION_ID' },
  ],
])('detectSession(%j)', (vars, expected) => {
  expect(detectSession(vars)).toEqual(expected)
})

test.each([
  [{ CODEX_SESSION_ID: 's', CODEX_THREAD_ID: 't', CODEX_HOME: '/h', CODEX_VERSION: '1' }, []],
  [{ CODEX_CI: '1', AUTOLOOP_GATE: 'r', PATH: '/bin' }, ['AUTOLOOP_GATE', 'CODEX_CI']],
  [{ AUTONOMOUS_LOOP_ATTEMPT: '1', AUTONOMOUS_LOOP_HOME: '/h' }, ['AUTONOMOUS_LOOP_ATTEMPT']],
  [
    { CODEX_SANDBOX_NETWORK_DISABLED: '1', CODEX_SANDBOX: 'x' },
    ['CODEX_SANDBOX', 'CODEX_SANDBOX_NETWORK_DISABLED'],
  ],
  [{ CODEX_TOOL_CALL_ID: undefined, CODEX_PERMISSION_PROFILE: '' }, ['CODEX_PERMISSION_PROFILE']],
])('agentMarks(%j)', (vars, expected) => {
  expect(agentMarks(vars)).toEqual(expected)
})

test.each(codexVersions)('the shell of an agent of codex %s is recognised', async (version) => {
  const script = inOrder([execCommand('env -0 | tr "\\0" "\\n"')], [message('Done.')])
  await withLab({ version, script }, async (lab) => {
    await lab.codex(['exec', '-s', 'workspace-write', 'go'])
    const output = inputTexts(lab.requests[1] ?? { body: {} }).at(-1) ?? ''
    const vars = Object.fromEntries(
      [...output.matchAll(/^(\w+)=(.*)$/gm)].map((match) => [match[1] ?? '', match[2]]),
    )
    expect(detectSession(vars)).toMatchObject({ sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(agentMarks(vars)).toContain('CODEX_CI')
  })
})
