import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import {
  type Running,
  codeModeCommand,
  execCommand,
  inOrder,
  inputTexts,
  message,
  withLab,
  codexVersions,
} from './codex.ts'
import { killAllOf, processesOf } from './processes.ts'
import { startTerminal } from './tui.ts'

test('jest runs real ES modules', () => {
  // CommonJS would have these, and no import.meta (then this file would not even parse).
  expect(typeof require).toBe('undefined')
  expect(typeof module).toBe('undefined')
  expect(import.meta.url).toMatch(/^file:.*rig\.test\.ts$/)
})

describe.each(codexVersions)('codex %s', (version) => {
  test('runs a command in its sandbox and answers', async () => {
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

test('all of a directory are killed, also what is started meanwhile', async () => {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-all-')))
  // Not without end: a rig that misses some must leave few.
  const script = 'echo up; i=0; while [ $i -lt 400 ]; do sleep 1000 & i=$((i + 1)); done; wait'
  const child = spawn('/bin/sh', ['-c', script], { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  // Who is missed holds the other end.
  child.stdout.destroy()
  killAllOf(dir)
  expect(processesOf(dir)).toEqual([])
  fs.rmSync(dir, { recursive: true })
})

test('a terminal answers a query that comes in two pieces, once', async () => {
  await withLab({ script: () => [message('nobody asks me')] }, async (lab) => {
    const file = path.join(lab.dir, 'asks.sh')
    // Between the pieces it waits for a key, so that the first is surely read alone; then for the answer and one key more.
    const read = (bytes: number) => `dd bs=1 count=${bytes} 2>/dev/null`
    fs.writeFileSync(
      file,
      `stty raw -echo; printf 'ready\\033[6'; ${read(1)} >/dev/null; printf n; got=$(${read(6)} | tail -c 5)
printf 'got %s' "$got"; next=$(${read(1)}); printf ' then %s' "$next"\n`,
    )
    const terminal = startTerminal(lab, ['/bin/sh', file])
    await terminal.shows(/ready/)
    terminal.type('k')
    await terminal.shows(/got \[1;1R/)
    terminal.type('z')
    await terminal.shows(/then z/)
    await terminal.ended
  })
})
