import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { applyAllow, planAllow } from '../../src/control/allow.ts'
import { act } from '../../src/control/person.ts'
import { leaveRequest } from '../../src/control/spool.ts'
import { sealed } from '../../src/control/spooled-request.ts'
import { status } from '../../src/views/status.ts'
import { archiveClosed } from '../../src/ledger/archive.ts'
import { readEvents } from '../../src/ledger/ledger-file.ts'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { readSession } from '../../src/ledger/store.ts'
import { type Called, type World, arm, gateScript, makeWorld, must, shownRequest } from './world.ts'
import { figure, long } from '../rig/long.ts'

let world: World
beforeEach(() => {
  world = makeWorld({ preload: path.join(import.meta.dirname, 'children', 'arrive.cjs') })
})
afterEach(() => world.remove())

const arrivals = (): string => path.join(world.dir, 'arrived')
const go = (): string => path.join(world.dir, 'go')
const waiting = (): string => `while [ ! -e '${go()}' ]; do sleep 0.1; done\n${gateScript}`

/** The same stop of a session, as several hooks of one Codex would report it at once. */
function callers(session: string, count: number, cwd: string): Promise<Called>[] {
  const env = { AUTOLOOP_TEST_ARRIVE: arrivals() }
  return Array.from({ length: count }, () => world.call('stop', { session, cwd, env }))
}

/** All of them have read the state and asked for the right to judge: whatever is judged now, they were there. */
async function arrived(count: number): Promise<void> {
  while (fs.readdirSync(arrivals()).length < count) await new Promise((resolve) => setTimeout(resolve, 20))
}

function secondRepository(): string {
  const repo = path.join(world.dir, 'second')
  fs.cpSync(world.repo, repo, { recursive: true })
  must(applyAllow(world.context, must(planAllow(world.context, repo))))
  return repo
}

function expectWhole(session: string): void {
  const record = must(readSession(world.home, session))
  expect(record).toMatchObject({ findings: [], torn: false })
  const { events, chain } = must(readEvents(sessionPaths(world.home, session).ledger))
  expect(chain.state).toBe('intact')
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
}

test('four runs in two repositories, four callers of each stop, and people and agents in between', async () => {
  const rounds = long ? 5 : 1
  for (let round = 0; round < rounds; round += 1) {
    world.write('check.sh', waiting())
    world.git('commit', '-qam', 'gate', '--allow-empty')
    fs.mkdirSync(arrivals())
    const second = secondRepository()
    const names = ['plain', 'refined', 'cleaned', 'disabled'] as const
    const ids = Object.fromEntries(names.map((name) => [name, randomUUID()])) as Record<
      (typeof names)[number],
      string
    >
    const repoOf = { plain: world.repo, refined: world.repo, cleaned: second, disabled: second }
    for (const name of names) {
      await world.call('user-prompt-submit', {
        session: ids[name],
        cwd: repoOf[name],
        more: { prompt: '$autonomous-loop Make the work right' },
      })
      fs.mkdirSync(path.join(repoOf[name], 'src'), { recursive: true })
    }
    for (const repo of [world.repo, second]) fs.writeFileSync(path.join(repo, 'src/work.txt'), 'right')

    const stops = names.map((name) => callers(ids[name], 4, repoOf[name]))
    await arrived(16)
    // While all gates run: looks, a cleanup, an agent's request taken in by another hook, a person's last word.
    const request = sealed({
      v: 1,
      action: 'enable',
      sessionId: ids.refined,
      root: world.repo,
      objective: 'More',
      taskTexts: [
        JSON.stringify({ id: 'M', title: 'More', evidence: [{ kind: 'pathExists', path: 'more.txt' }] }),
      ],
      gateProfile: null,
      maxStopIterations: null,
      baseline: null,
      salt: world.context.newId(),
    })
    const { uid } = world.context.env
    must(leaveRequest(path.join('/tmp', `autoloop-${uid}`, ids.refined), uid, request))
    const plan = { tool_name: 'update_plan', tool_input: { plan: [{ step: 'a', status: 'completed' }] } }
    const shown = { ...plan, ...shownRequest(world, request.requestId) }
    const others = [
      ...[1, 2].map(() => world.call('post-tool-use', { session: ids.refined, more: shown })),
      world.call('post-tool-use', { session: ids.plain, more: plan }),
      world.call('session-start', { session: ids.cleaned, cwd: second, more: { source: 'compact' } }),
    ]
    const looked = must(status(world.context, second, null))
    expect(looked.sessions.map((one) => one.state)).toEqual(['active', 'active'])
    const old = { now: Date.now(), retentionMs: 0, staleMs: 3_600_000, person: true }
    expect(archiveClosed(world.home, old)).toMatchObject({ sessions: [], open: [], kept: [] })
    must(act(world.context, ids.disabled, 'disable', 'terminal', 'enough'))
    const disabled = await Promise.all(stops[3] ?? [])
    await Promise.all(others)
    fs.writeFileSync(go(), '')
    const answers = await Promise.all(stops.map((each) => Promise.all(each)))

    for (const each of [...answers, disabled]) expect(new Set(each.map((one) => one.stdout)).size).toBe(1)
    const outcome = names.map((name, index) => {
      const [run] = world.state(ids[name]).runs
      const types = world.events(ids[name]).map((event) => event.type)
      return [
        name,
        answers[index]?.[0]?.kind,
        run?.status,
        run?.stops,
        types.filter((type) => type === 'stop').length,
      ]
    })
    expect(outcome).toEqual([
      ['plain', 'message', 'released', 1, 1],
      ['refined', 'block', 'active', 1, 1],
      ['cleaned', 'message', 'released', 1, 1],
      ['disabled', 'message', 'disabled', 0, 0],
    ])
    expect(answers[1]?.[0]?.text).toContain('more.txt')
    const count = (session: string, type: string): number =>
      world.events(session).filter((event) => event.type === type).length
    expect({
      plans: count(ids.refined, 'plan') + count(ids.plain, 'plan'),
      refined: count(ids.refined, 'refined'),
      sessions: count(ids.cleaned, 'session'),
    }).toEqual({ plans: 3, refined: 1, sessions: 1 })
    for (const name of names) {
      expectWhole(ids[name])
      fs.rmSync(path.join('/tmp', `autoloop-${uid}`, ids[name]), { recursive: true, force: true })
    }
    world.remove()
    world = makeWorld({ preload: path.join(import.meta.dirname, 'children', 'arrive.cjs') })
  }
  figure('together', { rounds, runs: 4 * rounds, callers: 16 * rounds })
}, 600_000)

if (long)
  test('a halt reaches every caller of its stop in the same words', async () => {
    world.write('check.sh', waiting())
    await arm(world)
    world.write('src/work.txt', 'wrong')
    fs.writeFileSync(go(), '')
    for (const turn of ['a', 'b'])
      expect(await world.call('stop', { more: { turn_id: turn } })).toMatchObject({ kind: 'block' })
    fs.rmSync(go())
    fs.mkdirSync(arrivals())
    const stops = callers(world.session, 4, world.repo)
    await arrived(4)
    fs.writeFileSync(go(), '')
    const answers = await Promise.all(stops)
    expect(new Set(answers.map((one) => one.stdout)).size).toBe(1)
    expect(JSON.parse(answers[0]?.stdout ?? '')).toMatchObject({
      decision: 'block',
      systemMessage: expect.any(String) as unknown,
    })
    expect(world.state().runs[0]).toMatchObject({ status: 'halted', stops: 3 })
    expectWhole(world.session)
  })
