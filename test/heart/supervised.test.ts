import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import {
  type Installed,
  blocks,
  execCommand,
  greetingTask,
  inOrder,
  jsonIn,
  message,
  toolOutputs,
  withInstalled,
} from '../rig/installed.ts'
import { long } from '../rig/long.ts'

const supervised = { AUTONOMOUS_LOOP_ATTEMPT: '1' }

test("a supervised conversation is not armed by its prompt, and its agent's request is answered", async () => {
  await withInstalled(
    {
      script: ({ enableCommand }) => inOrder([execCommand(enableCommand)], [message('Nothing to do.')]),
    },
    async (lab) => {
      const result = await lab.codex(['exec', '$autonomous-loop write the greeting'], { env: supervised })
      expect(result.code).toBe(0)
      expect(lab.requests).toHaveLength(2)
      expect(blocks(lab)).toEqual([])
      expect(jsonIn(toolOutputs(lab).join('\n'))).toMatchObject({ ok: false, error_code: 'supervised' })
      expect((await lab.json(['status', '--cwd', lab.repo])).sessions).toEqual([])
      expect(fs.readdirSync(path.join(lab.home, 'sessions'))).toEqual([])
    },
  )
})

if (long)
  test('a prompt that is an order is one for nobody there', async () => {
    await withInstalled({ script: () => inOrder([message('An answer.')]) }, async (lab) => {
      const typed = async (env: object) =>
        (await lab.codex(['exec', 'autonomous-loop disable'], { env: { ...env } })).stderr
      const isTaken = /UserPromptSubmit (?:Stopped|Blocked)/
      expect(await typed({})).toMatch(isTaken)
      expect(lab.requests).toHaveLength(0)
      expect(await typed(supervised)).not.toMatch(isTaken)
      expect(lab.requests).toHaveLength(1)
    })
  })

const session = '0199aaaa-0000-7000-8000-000000000001'

/** What the program behind the shim says at a stop of the armed session. */
function stop(lab: Installed, env: Readonly<Record<string, string>>): string {
  const [version = ''] = fs.readdirSync(path.join(lab.home, 'bin')).filter((name) => /^\d/.test(name))
  return execFileSync(process.execPath, [path.join(lab.home, 'bin', version, 'hook.cjs'), 'stop'], {
    cwd: lab.repo,
    encoding: 'utf8',
    input: JSON.stringify({
      session_id: session,
      turn_id: 't',
      transcript_path: null,
      cwd: lab.repo,
      hook_event_name: 'Stop',
      model: 'm',
      permission_mode: 'default',
      stop_hook_active: false,
      last_assistant_message: 'Done.',
    }),
    env: lab.env({ AUTONOMOUS_LOOP_HOME: lab.home, ...env }),
  })
}

test('the handlers end at once too, where no shim stands before them', async () => {
  await withInstalled({ script: () => inOrder([message('nobody asks me')]), trust: false }, async (lab) => {
    const asked = ['--objective', 'Write it', '--session-id', session, '--task-json', greetingTask]
    await lab.json(['request', 'enable', ...asked])
    expect(stop(lab, {})).toContain('"decision":"block"')
    expect(stop(lab, supervised)).toBe('autoloop:ok\n')
  })
})
