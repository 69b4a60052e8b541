import fs from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import {
  type Running,
  codeModeCommand,
  execCommand,
  hasCodex,
  inOrder,
  inputTexts,
  message,
  withLab,
} from './codex.ts'

test('jest runs real ES modules', () => {
  // CommonJS would have these, and no import.meta (then this file would not even parse).
  expect(typeof require).toBe('undefined')
  expect(typeof module).toBe('undefined')
  expect(import.meta.url).toMatch(/^file:.*rig\.test\.ts$/)
})

describe.each(['0.169', '0.125'] as const)('codex %s', (version) => {
  test('runs a command in its sandbox and answers', async () => {
    expect(hasCodex(version)).toBe(true)
    let dir = ''
    await withLab(
      {
        version,
        script: inOrder(
          [
            execCommand(
              'cat a.txt; touch b.txt; touch "$CODEX_HOME/x" || echo "home: read-only"; echo "HOME=$HOME"',
            ),
          ],
          [message('Done.')],
        ),
      },
      async (lab) => {
        dir = lab.dir
        const result = await lab.codex(['exec', '--skip-git-repo-check', '-s', 'workspace-write', 'do it'])
        expect({ ...result, stderr: '' }).toEqual({
          code: 0,
          signal: null,
          stdout: 'Done.\n',
          stderr: '',
          timedOut: false,
        })
        const output = inputTexts(lab.requests[1] ?? { body: {} }).find((text) =>
          text.startsWith('function_call_output'),
        )
        expect(output).toContain('hi\n')
        expect(output).toContain('home: read-only')
        expect(output).toContain(`HOME=${lab.userHome}`)
        expect(fs.existsSync(`${lab.repo}/b.txt`)).toBe(true)
        expect(lab.git('status', '--porcelain')).toContain('?? b.txt')
      },
    )
    expect(fs.existsSync(dir)).toBe(false)
  })
})

test('a lab is removed and its processes are killed when the test fails', async () => {
  let dir = ''
  let running: Running | undefined
  const failing = withLab(
    { script: inOrder({ items: [message('late')], delayMs: 600_000 }) },
    async (lab) => {
      dir = lab.dir
      running = lab.startCodex(['exec', 'wait'])
      throw new Error('the test failed')
    },
  )
  await expect(failing).rejects.toThrow('the test failed')
  expect(fs.existsSync(dir)).toBe(false)
  expect(await running?.done).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: false })
})

test('at the timeout the whole group is killed', async () => {
  await withLab({ script: inOrder({ items: [message('late')], delayMs: 600_000 }) }, async (lab) => {
    const result = await lab.codex(['exec', 'wait'], { timeoutMs: 300 })
    expect(result).toMatchObject({ signal: 'SIGKILL', timedOut: true })
  })
})

test('a code-mode model runs commands from JavaScript', async () => {
  const script = inOrder([codeModeCommand('cat a.txt; echo "S=$CODEX_SESSION_ID"')], [message('Done.')])
  await withLab({ model: 'gpt-6-sol', script }, async (lab) => {
    await lab.codex(['exec', 'do it'])
    const output = inputTexts(lab.requests[1] ?? { body: {} }).at(-1)
    expect(output).toMatch(/^custom_tool_call_output .*hi\\nS=[0-9a-f-]{36}/s)
  })
})

test('a script that throws fails the test', async () => {
  const failing = withLab(
    {
      script: () => {
        throw new Error('unexpected request')
      },
    },
    (lab) => lab.codex(['exec', 'go']),
  )
  await expect(failing).rejects.toThrow('the script of the model failed')
})
