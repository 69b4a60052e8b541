import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { captureReport } from '../../src/evidence/baseline.ts'
import { evidenceOptions } from '../../src/evidence/options.ts'
import { leavePending } from '../../src/control/pending.ts'
import { readLive } from '../../src/records/live.ts'
import { leaveRequest } from '../../src/control/spool.ts'
import { sealed } from '../../src/control/spooled-request.ts'
import { ok } from '../../src/base/result.ts'
import { withLock } from '../../src/ledger/lock.ts'
import { readSession } from '../../src/ledger/store.ts'
import {
  type CallOptions,
  type Called,
  type ShimEvent,
  type World,
  arm,
  makeWorld,
  must,
  plainConfig,
  spoolRoot,
  shownRequest,
} from './world.ts'
import { figure, long, sampleOf, seedFor } from '../rig/long.ts'

const preload = path.join(import.meta.dirname, 'children', 'steps.cjs')
const waits = (of: World): string => path.join(of.dir, 'waits')
const steps = (world: World): string => path.join(world.dir, 'steps')

interface Scenario {
  readonly name: string
  readonly event: ShimEvent
  readonly more?: CallOptions['more']
  /** Puts the world into the state before the event; members of the payload that follow from it. */
  readonly arrange: (world: World) => Promise<CallOptions['more'] | void>
  /** What the undisturbed call comes to: the answer, and the states of the session's runs. */
  readonly kind: Called['kind']
  readonly runs: readonly string[]
  /** What else must hold, whatever happened. */
  readonly afterwards?: (world: World) => void
}

const taskText = JSON.stringify({
  id: 'W',
  title: 'Work',
  evidence: [{ kind: 'pathExists', path: 'src/work.txt' }],
})
const input = { objective: 'Make it', taskTexts: [taskText], gateProfile: null, maxStopIterations: null }

async function spoolEnable(world: World): Promise<CallOptions['more']> {
  const live = readLive(world.home, world.session)
  const baseline = live
    ? must(await captureReport(live.repoRoot, [], evidenceOptions(world.context.env)))
    : null
  const request = sealed({
    v: 1,
    action: 'enable',
    sessionId: world.session,
    root: world.repo,
    ...input,
    baseline,
    salt: world.context.newId(),
  })
  must(leaveRequest(spoolRoot(world), world.context.env.uid, request))
  return shownRequest(world, request.requestId)
}

const scenarios: readonly Scenario[] = [
  {
    name: 'a session starts',
    event: 'session-start',
    arrange: async () => {},
    kind: 'nothing',
    runs: [],
  },
  {
    name: 'a prompt arms',
    event: 'user-prompt-submit',
    more: { prompt: '$autonomous-loop Make the work right' },
    arrange: async () => {},
    kind: 'context',
    runs: ['active'],
  },
  {
    name: 'a stop is blocked by evidence',
    event: 'stop',
    arrange: async (world) => void (await arm(world)),
    kind: 'block',
    runs: ['active'],
  },
  {
    name: 'a stop is blocked by a gate',
    event: 'stop',
    arrange: async (world) => {
      await arm(world)
      world.write('src/work.txt', 'wrong')
    },
    kind: 'block',
    runs: ['active'],
  },
  {
    name: 'a stop puts on record what the shim noted of the one before',
    event: 'stop',
    arrange: async (world) => {
      await arm(world)
      fs.mkdirSync(path.dirname(world.paths.unjudgedNote), { recursive: true })
      fs.writeFileSync(world.paths.unjudgedNote, 'noted before\n')
    },
    kind: 'block',
    runs: ['active'],
    afterwards: (world) => {
      const noted = world
        .events()
        .filter((event) => event.type === 'unjudged' && event.data.why.includes('noted before'))
      expect(noted).toHaveLength(1)
    },
  },
  {
    name: 'a stop releases',
    event: 'stop',
    arrange: async (world) => {
      await arm(world)
      world.write('src/work.txt', 'right')
    },
    kind: 'message',
    runs: ['released'],
  },
  {
    name: 'a stop takes in a spooled enable and blocks',
    event: 'stop',
    arrange: async (world) => {
      await world.call('session-start')
      return spoolEnable(world)
    },
    kind: 'block',
    runs: ['active'],
  },
  {
    name: 'a stop takes in added tasks and blocks',
    event: 'stop',
    arrange: async (world) => {
      await world.call('session-start')
      await arm(world)
      return spoolEnable(world)
    },
    kind: 'block',
    runs: ['active'],
  },
  {
    name: 'a stop refuses a spooled request and says so',
    event: 'stop',
    arrange: (world) => spoolEnable(world),
    kind: 'block',
    runs: [],
  },
  {
    name: 'a stop claims a pending request and blocks',
    event: 'stop',
    arrange: async (world) => {
      const left = must(await leavePending(world.context, world.repo, input, 'terminal'))
      return { last_assistant_message: `Done. ${left.token}` }
    },
    kind: 'block',
    runs: ['active'],
  },
  {
    name: 'the plan is recorded',
    event: 'post-tool-use',
    more: { tool_name: 'update_plan', tool_input: { plan: [{ step: 'one', status: 'pending' }] } },
    arrange: async (world) => void (await arm(world)),
    kind: 'nothing',
    runs: ['active'],
  },
  {
    name: 'the person pauses',
    event: 'user-prompt-submit',
    more: { prompt: 'autonomous-loop pause' },
    arrange: async (world) => void (await arm(world)),
    kind: 'end',
    runs: ['paused'],
  },
  {
    name: 'the person disables',
    event: 'user-prompt-submit',
    more: { prompt: 'autonomous-loop disable' },
    arrange: async (world) => void (await arm(world)),
    kind: 'end',
    runs: ['disabled'],
  },
  {
    name: 'the person accepts a changed definition',
    event: 'user-prompt-submit',
    arrange: async (world) => {
      await arm(world)
      world.write('.codex/autoloop.project.json', JSON.stringify({ ...plainConfig, notify: ['true'] }))
      const stop = await world.call('stop')
      const digest = /amend ([0-9a-f]{12,})/.exec(stop.text)?.[1]
      return { prompt: `autonomous-loop amend ${digest}` }
    },
    kind: 'end',
    runs: ['parked'],
  },
]

let world: World
beforeEach(() => {
  world = makeWorld({ preload })
})
afterEach(() => world.remove())

const ledgerBytes = (): Buffer =>
  fs.existsSync(world.paths.ledger) ? fs.readFileSync(world.paths.ledger) : Buffer.alloc(0)

/** A ledger only grows: what stood there stands there. */
function expectGrown(before: Buffer, where: string): Buffer {
  const after = ledgerBytes()
  expect([where, after.subarray(0, before.length).equals(before)]).toEqual([where, true])
  return after
}

/** All sleeps of the last call together, in ms. */
function waitedFor(): number {
  const file = waits(world)
  if (!fs.existsSync(file)) return 0
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .reduce((sum, line) => sum + Number(line), 0)
}

const statuses = (): string[] => world.state().runs.map((run) => run.status)

/** Runs the event with a kill somewhere, and once more as Codex's next turn would. */
async function crashAndGoOn(
  scenario: Scenario,
  more: CallOptions['more'],
  where: string,
  kill: () => Promise<Called>,
): Promise<{ killed: Called; after: Called; waitedMs: number }> {
  const start = ledgerBytes()
  const killed = await kill()
  const crashed = expectGrown(start, where)
  const between = readSession(world.home, world.session)
  // Neither a false integrity halt nor a record that contradicts itself.
  expect([where, between.ok ? [] : between.error]).toEqual([where, []])
  // Codex is told something wherever it would have been told something.
  if (scenario.kind !== 'nothing' && scenario.event === 'stop')
    expect([where, killed.kind]).not.toEqual([where, 'nothing'])
  if (killed.kind === 'message' && scenario.runs[0] !== 'released')
    expect([where, killed.text]).toEqual([where, expect.stringMatching(/not watching|could not/)])

  fs.rmSync(waits(world), { force: true })
  const after = await world.call(scenario.event, {
    more: more ?? {},
    env: { AUTOLOOP_TEST_WAITS: waits(world) },
  })
  expectGrown(crashed, where)
  const waitedMs = waitedFor()
  // What it asked to sleep, not what a clock showed: nobody holds a lock any more.
  expect([where, waitedMs <= 1000]).toEqual([where, true])
  const record = readSession(world.home, world.session)
  expect([where, record.ok ? record.value.findings : record.error]).toEqual([where, []])
  expect([where, statuses()]).toEqual([where, scenario.runs])
  expect([where, record.ok && record.value.torn]).toEqual([where, false])
  expect([where, after.text]).toEqual([where, expect.not.stringContaining('failed closed')])
  return { killed, after, waitedMs }
}

describe('the hook is killed before, in the middle of or after each change it makes', () => {
  test.each(sampleOf(scenarios, 4, 1))(
    '$name',
    async (scenario) => {
      const more = { ...scenario.more, ...(await scenario.arrange(world)) }
      const restore = world.snapshot()
      fs.rmSync(steps(world), { force: true })
      const clean = await world.call(scenario.event, { more, env: { AUTOLOOP_TEST_STEPS: steps(world) } })
      expect({ kind: clean.kind, runs: statuses() }).toEqual({ kind: scenario.kind, runs: scenario.runs })
      const finished = world.events().length
      const names = fs.readFileSync(steps(world), 'utf8').trim().split('\n')
      expect(names.length).toBeGreaterThan(5)

      let slowest = 0
      let waited = 0
      const chosen = long ? names.map((_, index) => index) : sample(names)
      for (const index of chosen) {
        restore()
        const where = `${index + 1}/${names.length} ${names[index]?.replaceAll(world.dir, '')}`
        const { killed, after, waitedMs } = await crashAndGoOn(scenario, more, where, () =>
          world.call(scenario.event, { more, env: { AUTOLOOP_TEST_KILL_AT: String(index + 1) } }),
        )
        slowest = Math.max(slowest, after.ms)
        waited = Math.max(waited, waitedMs)
        // Either the call after says what the first would have said, or the first had put it on record and was cut off
        // between that and its last byte: then the shim spoke.
        const recorded = world.events().length
        if (after.kind !== scenario.kind && scenario.event === 'stop') {
          expect([where, killed.kind]).toEqual([where, expect.stringMatching(/end|message|block/)])
          expect([where, scenario.runs]).toEqual([
            where,
            scenario.name.includes('refuses') ? [] : ['released'],
          ])
        }
        expect(recorded).toBeGreaterThanOrEqual(finished)
        scenario.afterwards?.(world)
      }
      figure('crash matrix', {
        scenario: scenario.name,
        steps: names.length,
        killed: chosen.length,
        slowestNextMs: Math.round(slowest),
        longestLockWaitMs: waited,
      })
    },
    1_200_000,
  )
})

/** About seven steps: first and last, those around the ledger, the marker and the answer, and a few by the way. */
function sample(names: readonly string[]): number[] {
  const telling =
    /(half of|after) writeSync .*(ledger\.jsonl|armed|live|fd 1$)|(before|after) (renameSync|unlinkSync) .*(armed|spool|autoloop-\d)/
  const wanted = names.flatMap((name, index) => (telling.test(name) ? [index] : []))
  const stride = Math.max(1, Math.floor(names.length / 3))
  const some = names.flatMap((_, index) => (index % stride === 0 ? [index] : []))
  const chosen = [...new Set([...wanted.slice(0, 2), ...wanted.slice(-2), ...some, names.length - 1])]
  return chosen.sort((a, b) => a - b)
}

test('who waits for a lock that somebody holds is counted as waiting', async () => {
  const scenario = scenarios.find((one) => one.name === 'a stop releases') as Scenario
  const more = { ...scenario.more, ...(await scenario.arrange(world)) }
  let call: Promise<Called> | undefined
  await withLock(world.paths.judgingLock, { waitMs: 5_000 }, async () => {
    call = world.call('stop', { more, env: { AUTOLOOP_TEST_WAITS: waits(world) } })
    while (waitedFor() === 0) await new Promise((resolve) => setImmediate(resolve))
    return ok(undefined)
  })
  await call
  expect(waitedFor()).toBeGreaterThan(0)
  expect(statuses()).toEqual(['released'])
})

test('the hook is killed while it ends what the agent left running: the release tells of it all the same', async () => {
  await arm(world)
  world.write('src/work.txt', 'right')
  const marks = { PATH: '/usr/bin:/bin', CODEX_THREAD_ID: world.session, CODEX_CI: '1' }
  // Deaf, so that it lives until it is killed.
  const script = 'trap "" TERM; echo up; while :; do sleep 0.05; done'
  const left = spawn('/bin/sh', ['-c', script], {
    env: marks,
    cwd: world.dir,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const gone = new Promise((resolve) => left.once('exit', resolve))
  try {
    await new Promise((resolve) => left.stdout.once('data', resolve))
    expect(await world.call('stop')).toMatchObject({ kind: 'block' })
    const isEnding = (): boolean => world.events().some((event) => event.type === 'ending')
    let pid = 0
    const killed = world.call('stop', { started: (group) => (pid = group) })
    while (!isEnding()) await new Promise((resolve) => setImmediate(resolve))
    killGroup(pid)
    const first = await killed
    // On a starved machine the kill comes after its answer.
    const after = first.kind === 'message' ? first : await world.call('stop')
    expect(after.kind).toBe('message')
    expect(after.text).toContain(`were ended before it: ${left.pid} /bin/sh -c`)
    await gone
    expect(statuses()).toEqual(['released'])
  } finally {
    left.kill('SIGKILL')
  }
})

/** Whether it was still there. */
function killGroup(pid: number): boolean {
  try {
    return process.kill(-pid, 'SIGKILL')
  } catch {
    return false
  }
}

test('the hook is killed at random moments', async () => {
  const scenario = scenarios.find((one) => one.name === 'a stop takes in added tasks and blocks') as Scenario
  const release = scenarios.find((one) => one.name === 'a stop releases') as Scenario
  const total = long ? 500 : 6
  const seed = seedFor(4)
  let state = seed
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  let cut = 0
  for (const one of [scenario, release]) {
    const more = { ...one.more, ...(await one.arrange(world)) }
    const restore = world.snapshot()
    const clean = await world.call(one.event, { more })
    for (let round = 0; round < total / 2; round += 1) {
      restore()
      const moment = random() * clean.ms
      await crashAndGoOn(one, more, `random ${round} at ${moment.toFixed(1)} ms`, async () => {
        let timer: NodeJS.Timeout | undefined
        const killed = await world.call(one.event, {
          more,
          started: (pid) => {
            // The whole group at once, as Codex's own timeout does: not even the shim can say a word.
            timer = setTimeout(() => {
              if (killGroup(pid)) cut += 1
            }, moment)
          },
        })
        clearTimeout(timer)
        return killed.code === 0 ? killed : { ...killed, kind: 'no JSON', text: '' }
      })
    }
    world.remove()
    world = makeWorld({ preload })
  }
  figure('random kills', { total, cut, seed })
  expect(cut).toBeGreaterThan(total / 4)
}, 1_200_000)
