import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { mayHaveGoal } from '../../src/hooks/goal.ts'
import { startAppServer } from '../rig/app-server.ts'
import {
  type InstalledOptions,
  blocks,
  execCommand,
  inputTexts,
  message,
  onlyRun,
  withInstalled,
} from '../rig/installed.ts'
import { long } from '../rig/long.ts'

/** A thread of the app server with a goal: Codex begins turn after turn by itself. Answers with what it did. */
async function pursue(options: InstalledOptions, turns: number) {
  return withInstalled(options, async (lab) => {
    const client = await startAppServer(lab)
    try {
      const { thread } = await client.call('thread/start', {
        cwd: lab.repo,
        approvalPolicy: 'never',
        sandbox: 'workspace-write',
      })
      expect(mayHaveGoal(lab.codexHome, thread.id)).toBe(false)
      await client.call('thread/goal/set', { threadId: thread.id, objective: 'Write the greeting' })
      expect(mayHaveGoal(lab.codexHome, thread.id)).toBe(true)
      expect(mayHaveGoal(lab.codexHome, thread.id.replace(/.$/, 'x'))).toBe(false)
      await client.told('turn/completed')
      const { goal } = await client.call('thread/goal/get', { threadId: thread.id })
      const run = await onlyRun(lab)
      // A turn that the goal had begun meanwhile would take this prompt in, and there would be no turn of its own.
      await client.call('turn/start', {
        threadId: thread.id,
        input: [{ type: 'text', text: 'and now?' }],
      })
      await client.told('turn/completed', () => client.count('turn/completed') === turns)
      return { goal, run, started: client.count('turn/started'), blocks: blocks(lab) }
    } finally {
      await client.close()
    }
  })
}

test('a halt pauses the goal of its session, so that Codex begins no other turn', async () => {
  const seen = await pursue(
    {
      script:
        ({ enableCommand }) =>
        (request) => [
          request.index === 0
            ? execCommand(`${enableCommand} --max-stop-iterations 1`)
            : message(`Done ${request.index}.`),
        ],
    },
    2,
  )
  expect(seen.goal).toMatchObject({ status: 'paused' })
  expect(seen.run).toMatchObject({ state: 'halted' })
  expect(seen.blocks).toHaveLength(1)
  expect(seen.started).toBe(2)
})

if (long)
  test('so does a park, whose turn ends at once', async () => {
    const seen = await pursue(
      {
        script:
          ({ enableCommand, cliPath }) =>
          (request) => {
            if (request.index === 0) return [execCommand(enableCommand)]
            if (request.index === 1)
              return [execCommand(`'${cliPath}' request wait --cwd . --reason 'Which language?'`)]
            const token = /AUTOLOOP_WAIT:[0-9a-f]+/.exec(inputTexts(request).join('\n'))?.[0]
            return [message(request.index === 2 ? `I need a person. ${token}` : 'Done.')]
          },
      },
      2,
    )
    expect(seen.goal).toMatchObject({ status: 'paused' })
    expect(seen.run).toMatchObject({ state: 'parked' })
  })

test('what cannot be looked through may hold a goal', async () => {
  const dir = fs.mkdtempSync(path.join(fs.realpathSync('/tmp'), 'goals-'))
  try {
    expect(mayHaveGoal(dir, 'some-session')).toBe(false)
    fs.writeFileSync(path.join(dir, 'goals_1.sqlite'), 'x')
    expect(mayHaveGoal(dir, 'some-session')).toBe(false)
    fs.mkdirSync(path.join(dir, 'goals_2.sqlite-wal'))
    expect(mayHaveGoal(dir, 'some-session')).toBe(true)
    expect(mayHaveGoal(path.join(dir, 'nowhere'), 'some-session')).toBe(false)
  } finally {
    fs.rmSync(dir, { recursive: true })
  }
})
