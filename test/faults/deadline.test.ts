import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readEvents } from '../../src/ledger/ledger-file.ts'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { sampleOf } from '../rig/long.ts'
import { type World, arm, gateScript, makeWorld, plainConfig } from './world.ts'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(() => world.remove())

/** Processes that carry this world's directory in their environment or work in it: hook, guard and gates. */
function alive(of: World = world): string[] {
  return fs.readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return []
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
      if (/\) [ZX] /.test(stat)) return []
      const ours = fs.readFileSync(`/proc/${pid}/environ`, 'latin1').includes(of.dir)
      const here = fs.readlinkSync(`/proc/${pid}/cwd`).startsWith(of.dir)
      return ours || here ? [fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')] : []
    } catch {
      return []
    }
  })
}

async function armWithGate(
  script: string,
  stopTimeoutSeconds: number,
  timeoutSeconds = 600,
  of: World = world,
): Promise<void> {
  of.machine(stopTimeoutSeconds)
  of.write('check.sh', script)
  of.approve({ ...plainConfig, commands: { check: { argv: ['sh', 'check.sh'], timeoutSeconds } } })
  await arm(of)
  of.write('src/work.txt', 'right')
}

/** Each is a whole gate; `$$` and its children must be gone when the answer is there. */
const all: readonly [string, string][] = [
  ['hangs', 'sleep 600'],
  ['ignores TERM', "trap '' TERM INT HUP; while :; do sleep 1; done"],
  ['forks grandchildren', 'sh -c "sleep 601 & sleep 602 & wait" & sh -c "sleep 603 | sleep 604" & wait'],
  [
    'leaves its session',
    'setsid sh -c "trap \\"\\" TERM; sleep 605; sleep 606" & setsid -f sleep 607; sleep 608',
  ],
  ['holds its output open', '(setsid sleep 609 &) ; echo left; sleep 610'],
  ['writes without end', 'yes "a line that goes on and on"'],
  [
    'writes without end and ignores TERM',
    "trap '' TERM; while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done",
  ],
  ['stops itself', 'kill -STOP $$; sleep 611'],
  ['closes everything', 'exec <&- >&- 2>&-; exec sleep 612'],
]
const gates = sampleOf(all, 2, 1)

test('whatever a gate does, it is ended at the deadline of the hook, in time and with the true reason', async () => {
  // Side by side: each of them waits for its own deadline most of the time.
  const seen = await Promise.all(
    gates.map(async ([name, script]) => {
      const own = makeWorld()
      try {
        await armWithGate(script, 12, 600, own)
        const stop = await own.call('stop')
        const left = alive(own)
        const [run] = own.state().runs
        const reason = /was ended before it was done/.exec(stop.text)?.[0] ?? stop.text
        return { name, kind: stop.kind, reason, left, status: run?.status, stops: run?.stops }
      } finally {
        own.remove()
      }
    }),
  )
  expect(seen).toEqual(
    gates.map(([name]) => ({
      name,
      kind: 'block',
      reason: 'was ended before it was done',
      left: [],
      status: 'active',
      stops: 1,
    })),
  )
})

test('a gate is ended at its own time limit, and the next stop judges afresh', async () => {
  await armWithGate('if [ -e slow ]; then sleep 600; fi; exit 0', 3600, 1)
  world.write('slow', '')
  const slow = await world.call('stop')
  expect(slow.kind).toBe('block')
  expect(slow.text).toContain('took longer than its time limit')
  expect(alive()).toEqual([])
  fs.rmSync(path.join(world.repo, 'slow'))
  expect(await world.call('stop')).toMatchObject({ kind: 'message' })
  expect(world.state().runs[0]?.status).toBe('released')
})

describe('a main thread that hangs in a system call', () => {
  test('is answered for at the deadline', async () => {
    world.remove()
    const preload = path.join(import.meta.dirname, 'children', 'hang.cjs')
    world = makeWorld({ preload })
    await armWithGate(gateScript, 4)
    const fifo = path.join(world.dir, 'fifo')
    makeFifo(fifo)
    const stop = await world.call('stop', { env: { AUTOLOOP_TEST_HANG_ON: fifo } })
    expect(stop).toMatchObject({ kind: 'block', code: 0 })
    expect(stop.text).toContain("could not be judged before the hook's deadline")
    expect(alive()).toEqual([])
    // Nothing was judged, and the next stop is as any other.
    expect(world.state().runs[0]).toMatchObject({ status: 'active', stops: 0 })
    // The guard leaves word only after it has answered.
    const { unjudgedNote, ledger } = sessionPaths(world.home, world.session)
    await until(() => fs.existsSync(unjudgedNote) && fs.statSync(unjudgedNote).size > 0)
    expect(await world.call('stop')).toMatchObject({ kind: 'message' })
    const read = readEvents(ledger)
    const events = read.ok ? read.value.events : []
    expect(events.map((event) => event.type)).toEqual(['activated', 'unjudged', 'stop'])
    expect(events[1]?.data).toMatchObject({ why: expect.stringMatching(/^the hook hung until its deadline/) })
    expect(fs.existsSync(unjudgedNote)).toBe(false)
  })
})

function makeFifo(file: string): void {
  const { status } = spawnSync('mkfifo', [file])
  if (status !== 0) throw new Error('no FIFO')
}

describe('when Codex is killed while a gate runs', () => {
  test.each(sampleOf(['SIGTERM', 'SIGKILL'] as const, 2, 1))(
    'by %s, hook and gate end themselves without a verdict',
    async (signal) => {
      const running = path.join(world.dir, 'running')
      await armWithGate(`echo $$ > '${running}'; trap '' TERM; setsid sleep 613 & sleep 614`, 3600)
      // A program named as Codex is, which starts the hook as Codex does: in a session of its own, and then waits.
      const codex = path.join(world.dir, 'codex-lab')
      fs.copyFileSync(fs.realpathSync('/bin/sh'), codex)
      fs.chmodSync(codex, 0o755)
      const payload = path.join(world.dir, 'payload.json')
      fs.writeFileSync(
        payload,
        JSON.stringify({
          session_id: world.session,
          turn_id: 't1',
          transcript_path: null,
          cwd: world.repo,
          hook_event_name: 'Stop',
          stop_hook_active: false,
          last_assistant_message: 'Done.',
        }),
      )
      const script = `setsid '${world.shim}' stop < '${payload}' > '${world.dir}/answer' & wait; :`
      const child = spawn(codex, ['-c', script], {
        cwd: world.repo,
        stdio: 'ignore',
        env: world.context.env.vars,
      })
      const ended = new Promise((resolve) => child.once('close', resolve))
      await until(() => fs.existsSync(running))
      child.kill(signal)
      await ended
      await until(() => alive().length === 0)
      expect(fs.readFileSync(path.join(world.dir, 'answer'), 'utf8')).not.toContain('decision')
      expect(world.state().runs[0]).toMatchObject({ status: 'active', stops: 0 })
    },
  )
})

/** Waits for something that no message tells of: the process it happens in is gone. */
async function until(there: () => boolean): Promise<void> {
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 50))
}
