import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { isAlive, processStart } from '../../src/base/process-id.ts'
import { endSessionProcesses, findCodexProcess, sessionProcesses } from '../../src/codex/processes.ts'
import { type ModelRequest, execCommand, inputTexts, message, withLab } from '../rig/codex.ts'

const started: ChildProcess[] = []
afterEach(async () => {
  for (const child of started.splice(0)) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await ended
  }
})

/** A process that has told that it runs, and stays until its stdin closes. */
async function running(
  env: Record<string, string>,
  script = 'echo up; read x',
  argv0 = '/bin/sh',
): Promise<ChildProcess> {
  const child = spawn('/bin/sh', ['-c', script], { env, argv0, stdio: ['pipe', 'pipe', 'inherit'] })
  started.push(child)
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return child
}

/** As `running`, with the number that it told. */
async function telling(env: Record<string, string>, script: string): Promise<[ChildProcess, number]> {
  const child = spawn('/bin/sh', ['-c', script], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  started.push(child)
  const pid = await new Promise<number>((resolve) => {
    child.stdout.once('data', (data: Buffer) => resolve(Number(data.toString())))
  })
  return [child, pid]
}

describe('sessionProcesses', () => {
  // New for each test: what a loop of the one before had just started lives on for a moment.
  let id = ''
  beforeEach(() => {
    id = randomUUID()
  })

  test('a token in the arguments is not told, also where the text is cut', async () => {
    const agent = await running(
      { CODEX_THREAD_ID: id, CODEX_CI: '1' },
      `echo up; read x; curl -H "Authorization: Bearer abc" --token=${'b1'.repeat(200)} https://dev:hunter2@x.test/`,
    )
    expect(sessionProcesses([id])).toEqual([
      {
        pid: agent.pid,
        start: expect.anything(),
        command:
          '/bin/sh -c echo up; read x; curl -H "Authorization: ***" --token=*** https://dev:***@x.test/',
      },
    ])
  })

  test('finds the processes of an agent and of its child agents, nothing else', async () => {
    const agent = await running({ CODEX_THREAD_ID: id, CODEX_CI: '1' })
    const child = await running({ CODEX_SESSION_ID: id, CODEX_THREAD_ID: 'other', CODEX_TOOL_CALL_ID: 'c' })
    await running({ CODEX_THREAD_ID: `${id}0`, CODEX_CI: '1' })
    await running({ CODEX_THREAD_ID: id })
    await running({ X: `CODEX_THREAD_ID=${id}`, CODEX_CI: '1' })
    const pids = [agent.pid, child.pid].sort((a, b) => (a ?? 0) - (b ?? 0))
    expect(sessionProcesses([id]).map((each) => each.pid)).toEqual(pids)
    expect(sessionProcesses([id], agent.pid ?? 0).map((each) => each.pid)).toEqual([child.pid])
    expect(sessionProcesses([id], [agent.pid ?? 0, child.pid ?? 0])).toEqual([])
    expect(sessionProcesses([''])).toEqual([])
  })

  test('a command whose process is another one at every look is listed at each', async () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hopping-'))
    try {
      const wrapper = path.join(dir, 'bwrap')
      fs.copyFileSync('/bin/sh', wrapper)
      fs.chmodSync(wrapper, 0o755)
      const script = 'echo up; while :; do /bin/true; done'
      const child = spawn(wrapper, ['-c', script], {
        env: { CODEX_THREAD_ID: id, CODEX_CI: '1' },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      started.push(child)
      await new Promise((resolve) => child.stdout.once('data', resolve))
      for (let look = 0; look < 100; look += 1)
        expect(sessionProcesses([id]).map((each) => each.pid)).toEqual([child.pid])
    } finally {
      fs.rmSync(dir, { recursive: true })
    }
  })

  test('a process without arguments is there all the same, by its short name', async () => {
    const child = spawn('/bin/cat', [], {
      argv0: '',
      env: { CODEX_THREAD_ID: id, CODEX_CI: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    started.push(child)
    child.stdin.write('up')
    await new Promise((resolve) => child.stdout.once('data', resolve))
    expect(sessionProcesses([id])).toMatchObject([{ pid: child.pid, command: '[cat]' }])
  })

  test('names the topmost process, its arguments cleaned and clipped', async () => {
    const script = `true ${'x'.repeat(500)} "\x1b[31m\n"; (echo up; read x); :`
    const child = await running({ CODEX_THREAD_ID: id, CODEX_CI: '1' }, script)
    const found = sessionProcesses([id])
    expect(found.map((each) => each.pid)).toEqual([child.pid])
    expect(found[0]?.command).toMatch(/^\/bin\/sh -c true x+/)
    expect(found[0]?.command).not.toMatch(/[\x1b\n]\[31/)
    expect(Buffer.byteLength(found[0]?.command ?? '')).toBeLessThanOrEqual(300)
  })
})

describe('endSessionProcesses', () => {
  const id = `0199-end-${process.pid}`
  const marks = { CODEX_THREAD_ID: id, CODEX_CI: '1' }
  const isGone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null
  const exit = (child: ChildProcess) =>
    isGone(child) ? Promise.resolve() : new Promise((resolve) => child.once('exit', resolve))

  test('ends the commands of one session, in order if they can, and nobody else', async () => {
    const orderly = await running(marks, 'trap "exit 7" TERM; echo up; while :; do sleep 0.05; done')
    const deaf = await running(marks, 'trap "" TERM; echo up; while :; do sleep 0.05; done')
    // What it starts without the marks goes with it, also if its parent is gone before.
    const [hiding, hiddenPid] = await telling(
      marks,
      `env -i /bin/sh -c 'trap "" TERM; echo $$; while :; do sleep 0.05; done' & wait`,
    )
    const hidden = { pid: hiddenPid, start: processStart(hiddenPid) ?? '' }
    expect(isAlive(hidden)).toBe(true)
    const other = await running({ ...marks, CODEX_THREAD_ID: `${id}0` })
    const person = await running({ CODEX_THREAD_ID: id })
    const kept = await running(marks)
    expect(await endSessionProcesses([id], kept.pid ?? 0)).toEqual([])
    await Promise.all([orderly, deaf, hiding].map(exit))
    expect(isAlive(hidden)).toBe(false)
    expect(orderly.exitCode).toBe(7)
    expect(deaf.signalCode).toBe('SIGKILL')
    expect(sessionProcesses([id]).map((each) => each.pid)).toEqual([kept.pid])
    expect([other, person, kept].map(isGone)).toEqual([false, false, false])
  })

  test('without any there is nothing to do', async () => {
    expect(await endSessionProcesses([id])).toEqual([])
  })
})

test('a command that the real agent left running is named, sandbox and login shell apart', async () => {
  let seen: ReturnType<typeof sessionProcesses> = []
  let id = ''
  const sessionOf = (request: ModelRequest) =>
    /S=([0-9a-f-]{36})/.exec(inputTexts(request).join('\n'))?.[1] ?? ''
  await withLab(
    {
      script: (request) => {
        if (request.index === 0)
          return [execCommand('echo S=$CODEX_SESSION_ID; exec sleep 300', { yield_time_ms: 500 })]
        id = sessionOf(request)
        seen = sessionProcesses([id])
        return [message('Done.')]
      },
    },
    (lab) => lab.codex(['exec', 'go']),
  )
  expect(id).not.toBe('')
  expect(seen.map((each) => each.command)).toEqual(['sleep 300'])
})

describe('findCodexProcess', () => {
  test('walks from a hook to its codex', async () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'codex-process-'))
    try {
      const codex = path.join(dir, 'codex')
      fs.copyFileSync('/bin/sh', codex)
      fs.chmodSync(codex, 0o755)
      // codex → sh → sh (the shim), which tells its pid.
      const child = spawn(codex, ['-c', '/bin/sh -c "/bin/sh -c \'echo \\$\\$; read x\'; :"; :'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      started.push(child)
      const pid = await new Promise<number>((resolve) => {
        child.stdout.once('data', (data: Buffer) => resolve(Number(data.toString())))
      })
      expect(pid).not.toBe(child.pid)
      const found = findCodexProcess(pid)
      expect(found?.pid).toBe(child.pid)
      expect(found && isAlive(found)).toBe(true)
      expect(findCodexProcess(child.pid ?? 0)?.pid).toBe(child.pid)
    } finally {
      fs.rmSync(dir, { recursive: true })
    }
  })

  test('says nothing where there is none', () => {
    expect(findCodexProcess(1)).toBe(undefined)
    expect(findCodexProcess(2 ** 22 + 1)).toBe(undefined)
  })
})
