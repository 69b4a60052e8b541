import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { processStart } from '../../src/base/process-id.ts'
import { applyAllow, planAllow } from '../../src/control/allow.ts'
import { writeLive } from '../../src/records/live.ts'
import { type World, gateScript, makeWorld, must, plainConfig } from '../faults/world.ts'
import { projectRoot } from '../rig/root.ts'
import { long, sampleOf } from '../rig/long.ts'

/*
 * A day of runs in two repositories, as a person sees it: on a terminal of 80 columns and in pipes. At each point the command
 * that `status` names is typed, and it works.
 */

const bin = path.join(projectRoot, 'bin/autonomous-loop.js')
const columns = 80

interface Ran {
  readonly code: number | null
  readonly out: string
}

let world: World
let second = ''
beforeAll(() => {
  world = makeWorld()
  world.machine(600)
  second = path.join(world.dir, 'second')
  fs.mkdirSync(path.join(second, '.codex'), { recursive: true })
  fs.writeFileSync(path.join(second, 'check.sh'), gateScript)
  fs.writeFileSync(path.join(second, '.codex/autoloop.project.json'), JSON.stringify(plainConfig))
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: second })
  must(applyAllow(world.context, must(planAllow(world.context, second))))
})
afterAll(() => world.remove())

function run(file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const child = spawn(file, args, {
    cwd,
    env: {
      ...world.context.env.vars,
      PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`,
      AUTONOMOUS_LOOP_HOME: world.home,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, out }))
  })
}

const piped = (args: readonly string[], cwd: string): Promise<Ran> =>
  run(process.execPath, [bin, ...args], cwd)

/** On a terminal of its own, as a person would type it. */
async function typed(line: string, cwd: string): Promise<Ran> {
  const words = [process.execPath, bin, ...line.split(' ')].map((word) => `'${word}'`).join(' ')
  const shell = `stty rows 24 cols ${columns}; exec ${words}`
  const ran = await run('script', ['-qefc', shell, '/dev/null'], cwd, { TERM: 'xterm-256color' })
  // What is written over another text is a line of its own.
  const out = ran.out.replaceAll(/\u001b\[[0-9;?]*[a-zA-Z]/g, '').replaceAll(/\r+\n?/g, '\n')
  return { ...ran, out }
}

/** Lines that a terminal of 80 columns would break in the middle of words. A word alone may be longer, such as a path. */
function tooWide(screen: string): string[] {
  return screen.split('\n').filter((line) => Array.from(line).length > columns && /\S\s+\S/.test(line.trim()))
}

/** The gate looks at one of them, and at `status` for what it names. */
const screens = sampleOf(['status', 'status --all', 'explain', 'check', 'events', 'contract show'], 6, 2)

/** Every screen of this moment; what `status` names next for the newest run here. */
async function look(cwd: string, state: string): Promise<string | null> {
  for (const screen of screens) {
    const [person, machine] = await Promise.all([typed(screen, cwd), piped(screen.split(' '), cwd)])
    expect([state, screen, tooWide(person.out)]).toEqual([state, screen, []])
    expect([state, screen, person.out]).not.toEqual([
      state,
      screen,
      expect.stringMatching(/^\s*$|mistake in/),
    ])
    expect([state, screen, Object.keys(JSON.parse(machine.out) as object)]).not.toEqual([state, screen, []])
    expect([state, screen, person.code]).toEqual([state, screen, machine.code])
  }
  const { sessions } = JSON.parse((await piped(['status'], cwd)).out) as {
    sessions: { state: string; next: string | null }[]
  }
  expect(sessions[0]?.state).toBe(state)
  const next = sessions[0]?.next ?? null
  if (next !== null) {
    // On the screen too, each of its commands whole.
    const { out } = await typed('status', cwd)
    for (const command of commandsIn(next)) expect(out).toContain(command)
  }
  return next
}

function commandsIn(next: string): string[] {
  return [...next.matchAll(/(?:autonomous-loop|codex resume) [^`,;]+/g)].map(([command]) => command.trim())
}

/** Types each command that is named and that `only` picks. */
async function follow(next: string | null, cwd: string, only = /./): Promise<void> {
  const commands = commandsIn(next ?? '').filter((command) => only.test(command))
  expect([next, commands]).not.toEqual([next, []])
  for (const command of commands) {
    if (command.startsWith('codex resume ')) {
      expect(command).toBe(`codex resume ${world.session}`)
      continue
    }
    const { code, out } = await typed(command.replace('autonomous-loop ', ''), cwd)
    // What is outstanding ends `check` with 1; that is its answer.
    expect([command, out, code]).toEqual([command, out, command.includes(' check ') ? 1 : 0])
    expect([command, tooWide(out)]).toEqual([command, command.endsWith('--md') ? expect.anything() : []])
  }
}

test('blocked often, halted, parked, tampered with, released: what is named next works', async () => {
  const { repo } = world
  const stop = (message = 'Done.') =>
    world.call('stop', { more: { stop_hook_active: false, last_assistant_message: message } })
  let turns = 0
  const say = (prompt: string) =>
    world.call('user-prompt-submit', { more: { prompt, turn_id: `turn-${(turns += 1)}` } })
  await world.call('session-start', { more: { source: 'startup' } })
  await say(
    '$autonomous-loop Make the work right, in every one of the places where it is wrong now, and say in the README what was done',
  )
  // Codex of this session runs: this process stands in for it.
  const live = JSON.parse(fs.readFileSync(path.join(world.home, 'live', world.session), 'utf8'))
  writeLive(world.home, { ...live, codex: { pid: process.pid, start: processStart(process.pid) ?? '' } })
  await follow(await look(repo, 'active'), repo)

  for (const wrong of ['one', 'two', 'three']) {
    world.write('src/work.txt', `${wrong}\u001b[31m\u202e`)
    expect((await stop()).kind).toBe('block')
  }
  await follow(await look(repo, 'active'), repo)
  expect((await typed('doctor', repo)).out).toMatch(/\S/)
  expect(tooWide((await typed('doctor', repo)).out)).toEqual([])

  // The same again and again.
  for (let more = 0; more < 5 && world.state().runs[0]?.status === 'active'; more += 1) await stop()
  await follow(await look(repo, 'halted'), repo, /explain|resume/)
  expect(world.state().runs[0]?.status).toBe('active')

  const asked = await piped(
    ['request', 'wait', '--session-id', world.session, '--cwd', repo, '--reason', 'Which colour is meant?'],
    repo,
  )
  const { wait_token: token } = JSON.parse(asked.out) as { wait_token: string }
  await say('go on')
  await piped(['request', 'wait', '--session-id', world.session, '--reason', 'Which colour?'], repo).then(
    ({ out }) => stop(`I wait. ${(JSON.parse(out) as { wait_token: string }).wait_token} ${token}`),
  )
  expect(await look(repo, 'parked')).toMatch(/^answer the agent: /)
  await say('blue')

  world.write('check.sh', `exit 0 # ${'long '.repeat(30)}\n`)
  await stop()
  await stop()
  await follow(await look(repo, 'parked'), repo, /amend/)
  expect(await look(repo, 'parked')).toMatch(/^go on: /)
  await say('go on')
  world.write('src/work.txt', 'right')
  await stop()
  await follow(await look(repo, 'released'), repo)
}, 300_000)

if (long)
  test('in a second repository meanwhile: paused, resumed, waived', async () => {
    const session = randomUUID()
    const task = { id: 'T1', title: 'Right', evidence: [{ kind: 'commandRef', name: 'check' }] }
    const what = ['--objective', 'Make it right too', '--task-json', JSON.stringify(task)]
    const enable = await piped(['enable', '--session-id', session, '--cwd', second, ...what], second)
    expect([enable.out, enable.code]).toEqual([enable.out, 0])
    expect(await look(second, 'active')).toBe(`go on with it: codex resume ${session}`)
    await piped(['pause', '--reason', 'lunch'], second)
    await follow(await look(second, 'paused'), second, /^autonomous-loop/)
    expect(await look(second, 'active')).toBe(`go on with it: codex resume ${session}`)
    await piped(['waive', '--reason', 'not needed any more'], second)
    expect(await look(second, 'waived')).toBeNull()
  }, 120_000)
