import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { isAgentAlive } from '../../src/agents/agent-process.ts'
import { endLeftovers } from '../../src/supervisor/batch/leftovers.ts'
import { processesOf } from '../rig/processes.ts'
import { type Lab, makeLab, noLauncher, said, sh, startJob, watch } from './rig.ts'
import { sampleOf } from '../rig/long.ts'

let lab: Lab
beforeEach(() => {
  lab = makeLab()
})
afterEach(() => lab.remove())

const places = [
  ['in the box', 'on'],
  ['without a sandbox', 'off'],
] as const

const limits = { silentMs: 60_000, lengthMs: 60_000, graceMs: 5000 }
/** Says in this file that it has come so far. */
const ready = (name = 'ready'): string => `echo yes > ${name}`
const started = (): string => path.join(lab.workspace, 'ready')

/** Nobody works below the lab, whatever they took out of their environment. */
const nobodyLeft = (): void => expect(processesOf(lab.dir)).toEqual([])

/** State, parent, group, session and so on; see proc(5). */
function statOf(pid: number): string[] {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

// In the gate the harder one: where there is no box, nobody else ends them.
describe.each(sampleOf(places, 2, 1))('%s', (_name, sandbox) => {
  const agentOf = (script: string): ReturnType<Lab['agent']> =>
    lab.agent({ ...sh(script), sandbox }, sandbox === 'off' ? { launch: noLauncher } : {})

  test('what it leaves running ends with it', async () => {
    const run = watch(
      agentOf(`sleep 1000 & setsid sleep 1000 & (setsid sh -c 'sleep 1000 & sleep 1000' >/dev/null 2>&1 &)
nohup sleep 1000 >/dev/null 2>&1 & echo left; exit 0`),
      lab.turn,
    )
    expect(await run.outcome).toMatchObject({ kind: 'finished' })
    nobodyLeft()
    expect(isAgentAlive(await run.process)).toBe(false)
  })

  test("a terminal's Ctrl-C is not for it: it has a session of its own", async () => {
    const run = watch(agentOf('exec sleep 1000'), lab.turn)
    const { pid } = await run.process
    const [, , group, session] = statOf(pid)
    expect([group, session]).toEqual([String(pid), String(pid)])
    run.stop('now')
    await run.outcome
  })

  test('a soft stop gives it time for an orderly end', async () => {
    const run = watch(
      agentOf(`trap 'echo bye > bye; exit 0' TERM; ${ready()}; while :; do sleep 0.05; done`),
      lab.turn,
    )
    await run.wrote(started())
    run.stop('soft')
    expect(await run.outcome).toEqual({ kind: 'stopped' })
    expect(fs.existsSync(path.join(lab.workspace, 'bye'))).toBe(true)
    nobodyLeft()
  })

  test('who does not listen is killed after the grace', async () => {
    const run = watch(agentOf(`trap '' TERM; ${ready()}; while :; do sleep 0.05; done`), {
      ...lab.turn,
      limits: { ...limits, graceMs: 200 },
    })
    await run.wrote(started())
    run.stop('soft')
    expect(await run.outcome).toEqual({ kind: 'stopped' })
    nobodyLeft()
  })

  test('a hard stop after a soft one does not wait for the grace', async () => {
    const run = watch(agentOf(`trap 'echo x > heard' TERM; ${ready()}; while :; do sleep 0.05; done`), {
      ...lab.turn,
      limits: { ...limits, graceMs: 3_600_000 },
    })
    await run.wrote(started())
    run.stop('soft')
    await run.wrote(path.join(lab.workspace, 'heard'))
    run.stop('now')
    expect(await run.outcome).toEqual({ kind: 'stopped' })
    nobodyLeft()
  })

  test('silence ends it', async () => {
    const run = watch(agentOf(`echo first; ${ready()}; exec sleep 1000`), {
      ...lab.turn,
      limits: { ...limits, silentMs: 1500 },
    })
    expect(await run.outcome).toEqual({ kind: 'silent' })
    expect(said(lab)).toBe('first\n')
    nobodyLeft()
  })

  test('who speaks is not silent, and ends when its time is over', async () => {
    const run = watch(agentOf(`while :; do echo still here; sleep 0.05; done`), {
      ...lab.turn,
      limits: { silentMs: 3000, lengthMs: 5000, graceMs: 1000 },
    })
    expect(await run.outcome).toEqual({ kind: 'too-long' })
    nobodyLeft()
  })

  test('an order that comes before the program has begun', async () => {
    const run = watch(agentOf('sleep 1000'), lab.turn)
    run.stop('now')
    expect(await run.outcome).toEqual({ kind: 'stopped' })
    run.stop('soft')
    nobodyLeft()
  })
})

test('in the box nobody is left who took the mark out of its environment and left the group', async () => {
  const run = watch(
    lab.agent(
      sh(`env -i /usr/bin/setsid /bin/sh -c 'echo yes > hidden; exec /bin/sleep 1000' >/dev/null 2>&1 &
while [ ! -s hidden ]; do sleep 0.02; done; ${ready()}; exec sleep 1000`),
    ),
    lab.turn,
  )
  await run.wrote(started())
  run.stop('now')
  expect(await run.outcome).toEqual({ kind: 'stopped' })
  nobodyLeft()
})

describe.each(places)('a supervisor that is killed, its agent %s', (_name, sandbox) => {
  test('has no agent afterwards', async () => {
    const script = `trap '' TERM HUP; setsid sleep 1000 & ${ready()}; while :; do sleep 0.05; done`
    const { child: supervisor } = startJob(lab, { sandbox, script })
    const gone = new Promise((resolve) => supervisor.once('exit', resolve))
    while (!fs.existsSync(started())) await new Promise((resolve) => setTimeout(resolve, 10))
    expect(processesOf(lab.workspace).length).toBeGreaterThan(0)
    supervisor.kill('SIGKILL')
    await gone
    expect(await endLeftovers(['b', 'b2'], lab.dir)).toEqual({ ok: true, value: undefined })
    if (sandbox === 'off') expect(processesOf(lab.workspace).length).toBeGreaterThan(0)
    expect(await endLeftovers(['b1'], lab.dir)).toEqual({ ok: true, value: undefined })
    nobodyLeft()
  })
})
