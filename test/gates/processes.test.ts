import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { gateProcesses } from '../../src/gates/processes.ts'
import { codexBinary } from '../rig/binaries.ts'
import { type Lab, alive, bundle, gate, gatePath, makeLab, sandboxed, shell } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

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

  test.each(sampleOf(LEFTOVERS, 4))('after it passed: %s', async (name, text) => {
    const file = path.join(lab.out, `left-${how}-${name.replaceAll(/\W/g, '')}`)
    const runId = `left-${how}-${process.pid}`
    const result = await gate(lab, shell(`P=${file}; export P; ${text}\n${waitForFile}; echo done`), {
      ...options(),
      runId,
    })
    expect(result).toMatchObject({ outcome: { kind: 'passed' }, tail: 'done\n' })
    check(runId, file)
  })

  test.each(sampleOf(LEFTOVERS, 4, 1))('after a timeout: %s', async (name, text) => {
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

  test('the end of our process group is the end of the gate', async () => {
    const runId = `group-${how}-${process.pid}`
    const ready = path.join(lab.out, `group-${how}`)
    const sandbox = how === 'sandboxed'
    const job = {
      sandbox,
      runId,
      root: lab.root,
      home: lab.home,
      codexBin: sandbox ? codexBinary() : '',
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
})
