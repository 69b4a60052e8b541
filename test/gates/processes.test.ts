import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { gateProcesses, killGatesOf } from '../../src/gates/processes.ts'
import { codexBinary } from '../rig/binaries.ts'
import { type Lab, alive, bundle, gate, gatePath, makeLab, sandboxed, shell } from './rig.ts'

let lab: Lab
beforeAll(() => {
  lab = makeLab()
})
afterAll(() => lab.remove())

/** What a gate leaves behind; `$P` is the file for the pid of the process that must be dead afterwards. */
const LEFTOVERS: readonly (readonly [string, string])[] = [
  ['a child that holds stdout', 'sleep 1000 & echo $! > $P'],
  ['a child that ignores TERM', `sh -c 'trap "" TERM; echo $$ > $P; while :; do sleep 1; done' &`],
  [
    'a child in a session of its own',
    `setsid sh -c 'echo $$ > $P; exec sleep 1000' > /dev/null 2>&1 < /dev/null &`,
  ],
  [
    'a daemon (double fork, setsid, no stdio)',
    `(setsid sh -c '(echo $$ > $P; exec sleep 1000) &' > /dev/null 2>&1 < /dev/null &)`,
  ],
  [
    'a daemon that ignores everything it can',
    `(setsid sh -c 'trap "" HUP TERM INT QUIT; echo $$ > $P; while :; do sleep 1; done' > /dev/null 2>&1 &)`,
  ],
]

const waitForFile = 'until [ -s $P ]; do sleep 0.01; done'

describe.each(['direct', 'sandboxed'] as const)('nothing of a gate is alive afterwards, %s', (how) => {
  const options = () => (how === 'direct' ? {} : { launch: sandboxed(lab) })
  // A pid from inside the sandbox means nothing outside; there the process is looked for by its mark.
  const check = (runId: string, file: string): void => {
    expect(gateProcesses(runId)).toEqual([])
    if (how === 'direct') expect(alive(Number(fs.readFileSync(file, 'utf8')))).toBe(false)
  }

  test.each(LEFTOVERS)('after it passed: %s', async (name, text) => {
    const file = path.join(lab.out, `left-${how}-${name.replaceAll(/\W/g, '')}`)
    const runId = `left-${how}-${process.pid}`
    const result = await gate(lab, shell(`P=${file}; export P; ${text}\n${waitForFile}; echo done`), {
      ...options(),
      runId,
    })
    expect(result).toMatchObject({ outcome: { kind: 'passed' }, tail: 'done\n' })
    check(runId, file)
  })

  test.each(LEFTOVERS)('after a timeout: %s', async (name, text) => {
    const file = path.join(lab.out, `hang-${how}-${name.replaceAll(/\W/g, '')}`)
    const runId = `hang-${how}-${process.pid}`
    const result = await gate(
      lab,
      shell(`P=${file}; export P; ${text}\n${waitForFile}; exec sleep 1000`, { timeoutSeconds: 1 }),
      { ...options(), runId },
    )
    expect(result.outcome).toMatchObject({ cause: 'timeout' })
    check(runId, file)
  })

  test('after a timeout: the command itself ignores TERM', async () => {
    const runId = `deaf-${how}-${process.pid}`
    const result = await gate(
      lab,
      shell(`trap '' TERM HUP INT; while :; do sleep 1; done`, { timeoutSeconds: 0.5 }),
      {
        ...options(),
        runId,
      },
    )
    expect(result.outcome).toMatchObject({ cause: 'timeout' })
    expect(gateProcesses(runId)).toEqual([])
  })

  test('after a timeout: it forks without end', async () => {
    const runId = `fork-${how}-${process.pid}`
    const text = `f() { sleep 0.05; (f) & f; }; for i in 1 2 3 4; do (while :; do (sleep 0.02 &) ; sleep 0.02; done) & done; wait`
    const result = await gate(lab, shell(text, { timeoutSeconds: 0.5 }), { ...options(), runId })
    expect(result.outcome).toMatchObject({ cause: 'timeout' })
    expect(gateProcesses(runId)).toEqual([])
  })

  test('a deadline in another thread ends it, while the main thread hangs', async () => {
    const runId = `deadline-${how}-${process.pid}`
    const ready = path.join(lab.out, `deadline-${how}`)
    const running = gate(lab, shell(`echo x > ${ready}; trap '' TERM; while :; do sleep 1; done`), {
      ...options(),
      runId,
    })
    while (!fs.existsSync(ready)) await new Promise((resolve) => setImmediate(resolve))
    const cell = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(
      `const { workerData: { cell, runId, file } } = require('node:worker_threads')
       Atomics.store(cell, 0, require(file).killGatesOf(runId))
       Atomics.notify(cell, 0)`,
      { eval: true, workerData: { cell, runId, file: bundle(lab, 'src/gates/processes.ts') } },
    )
    // From here on the main thread hangs, until the other one is done.
    Atomics.wait(cell, 0, 0)
    await worker.terminate()
    expect(cell[0]).toBeGreaterThan(0)
    expect((await running).outcome.kind).toBe('failed')
    expect(gateProcesses(runId)).toEqual([])
  })

  test('the end of our process group is the end of the gate', async () => {
    const runId = `group-${how}-${process.pid}`
    const ready = path.join(lab.out, `group-${how}`)
    const sandbox = how === 'sandboxed'
    const job = {
      sandbox,
      runId,
      root: lab.root,
      home: lab.home,
      codexBin: sandbox ? codexBinary('0.169') : '',
      gatePath,
      // A session of its own saves no process in the sandbox; outside it does.
      script: `${sandbox ? 'setsid ' : ''}sh -c 'echo x > ${ready}; sleep 1000' & wait`,
    }
    const main = bundle(lab, 'test/gates/one-gate.ts')
    const hook = spawn(process.execPath, [main, JSON.stringify(job)], { detached: true, stdio: 'ignore' })
    while (!fs.existsSync(ready)) await new Promise((resolve) => setImmediate(resolve))
    expect(gateProcesses(runId).length).toBeGreaterThan(0)
    process.kill(-(hook.pid ?? 0), 'SIGKILL')
    // The kernel takes the sandbox's processes down after their leader; there is no event for it, so look again.
    const giveUp = Date.now() + 20_000
    while (gateProcesses(runId).length > 0 && Date.now() < giveUp)
      await new Promise((resolve) => setImmediate(resolve))
    expect(gateProcesses(runId)).toEqual([])
  })

  test('killGatesOf ends all gates of its run and no other', async () => {
    const mine = `mine-${how}-${process.pid}`
    const other = `${mine}-2`
    const file = (name: string): string => path.join(lab.out, `${name}-${how}`)
    const start = (runId: string, name: string) =>
      gate(lab, shell(`echo x > ${file(name)}; sleep 1000`, { timeoutSeconds: 100 }), { ...options(), runId })
    const running = [start(mine, 'a'), start(mine, 'b'), start(other, 'c')]
    while (!['a', 'b', 'c'].every((name) => fs.existsSync(file(name))))
      await new Promise((resolve) => setImmediate(resolve))
    expect(killGatesOf(mine)).toBeGreaterThanOrEqual(2)
    expect(gateProcesses(mine)).toEqual([])
    expect(gateProcesses(other).length).toBeGreaterThan(0)
    for (const each of running.slice(0, 2)) expect((await each).outcome.kind).toBe('failed')
    killGatesOf(other)
    expect((await running[2])?.outcome.kind).toBe('failed')
  })
})

test('killGatesOf without a gate kills nothing', () => {
  const bystander = spawn('sleep', ['1000'], { stdio: 'ignore', env: { PATH: gatePath } })
  expect(killGatesOf(`nobody-${process.pid}`)).toBe(0)
  expect(alive(bystander.pid ?? 0)).toBe(true)
  bystander.kill('SIGKILL')
})
